"""What runs inside the process of an instance with a Python runtime: one file that needs the
standard library alone. Serves the runtime's calls one after the other on a unix domain socket."""

import importlib
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
import traceback

CONTROL_FD = 3
MAX_PAYLOAD_BYTES = 32 * 1024 * 1024
MAX_LINE_BYTES = 32 * 1024

request_id = ""


class Credentials:
    def __init__(self, headers):
        self.access_key_id = headers.get("x-fc-access-key-id", "")
        self.access_key_secret = headers.get("x-fc-access-key-secret", "")
        self.security_token = headers.get("x-fc-security-token", "")

    def __repr__(self):
        return "<Credentials>"


class FunctionMeta:
    def __init__(self, headers):
        self.name = headers.get("x-fc-function-name", "")
        self.handler = headers.get("x-fc-function-handler", "")
        self.memory = headers.get("x-fc-function-memory", "")
        self.timeout = int(headers.get("x-fc-function-timeout") or 0)
        self.version_id = headers.get("x-fc-version-id", "")
        self.qualifier = headers.get("x-fc-qualifier", "")


class ServiceMeta:
    def __init__(self, headers):
        self.name = headers.get("x-fc-service-name", "")
        self.log_project = headers.get("x-fc-service-logproject", "")
        self.log_store = headers.get("x-fc-service-logstore", "")
        self.qualifier = headers.get("x-fc-qualifier", "")
        self.version_id = headers.get("x-fc-version-id", "")


class Tracing:
    def __init__(self, headers):
        self.span_context = headers.get("x-fc-tracing-opentracing-span-context", "")
        self.jaeger_endpoint = headers.get("x-fc-tracing-jaeger-endpoint", "")
        self.span_baggages = {}


class Context:
    """As documented: Python 3.12 took credentials, service and tracing away, and added what the service held."""

    def __init__(self, headers, runtime):
        self.request_id = headers.get("x-fc-request-id", "")
        self.account_id = headers.get("x-fc-account-id", "")
        self.region = headers.get("x-fc-region", "")
        self.function = FunctionMeta(headers)
        self.logger = logging.getLogger()
        self.retry_count = int(headers.get("x-fc-retry-count") or 0)
        if runtime == "python3.12":
            self.log_project = headers.get("x-fc-service-logproject", "")
            self.log_store = headers.get("x-fc-service-logstore", "")
        else:
            self.credentials = Credentials(headers)
            self.service = ServiceMeta(headers)
            self.tracing = Tracing(headers)

    def to_json(self):
        return json.dumps(vars(self), default=lambda value: getattr(value, "__dict__", str(value)))


class LogHandler(logging.StreamHandler):
    """One line for each record, on standard output: time, request id, level, text."""

    def __init__(self):
        super().__init__(sys.stdout)

    def format(self, record):
        text = super().format(record).replace("\r\n", "\r").replace("\n", "\r")
        at = time.gmtime(record.created)
        stamp = "%s.%03dZ" % (time.strftime("%Y-%m-%dT%H:%M:%S", at), record.msecs)
        line = "%s %s [%s] %s" % (stamp, request_id, record.levelname, text)
        return line.encode("utf-8", "replace")[: MAX_LINE_BYTES - 1].decode("utf-8", "ignore")


def load(handler):
    """`folder/file.name` or `folder.file.name` is `name` in folder/file.py."""
    file, _, name = handler.rpartition(".")
    module = importlib.import_module(file.replace("/", "."))
    found = getattr(module, name, None)
    if callable(found):
        return found
    raise AttributeError(
        "Handler '%s' is missing on module '%s': define it, or name another under handler in s.yaml"
        % (name, file)
    )


def to_bytes(result):
    if result is None:
        return b""
    if isinstance(result, (bytes, bytearray)):
        return bytes(result)
    if isinstance(result, str):
        return result.encode("utf-8")
    return json.dumps(result).encode("utf-8")


def describe(error):
    own = os.path.abspath(__file__)
    frames = traceback.extract_tb(error.__traceback__)
    # What this file and importlib did is left out.
    shown = [f for f in frames if f.filename != own and not f.filename.startswith("<frozen importlib")]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": [
            ['File "%s"' % f.filename, "line %s" % f.lineno, "in %s" % f.name, f.line or ""]
            for f in shown
        ],
    }


def run(path, headers, event, runtime):
    """The answer's body, its error type or an empty text, and whether the process is spent."""
    loaded = False
    name = headers.get(
        {"/initialize": "x-fc-function-initializer", "/pre-stop": "x-local-pre-stop"}.get(
            path, "x-fc-function-handler"
        ),
        "",
    )
    try:
        handler = load(name)
        loaded = True
        context = Context(headers, runtime)
        if path != "/invoke":
            handler(context)
            return b"", "", False
        body = to_bytes(handler(event, context))
        if len(body) > MAX_PAYLOAD_BYTES:
            raise ValueError(
                "Response payload size (%d bytes) exceeds maximum allowed size (%d bytes)"
                % (len(body), MAX_PAYLOAD_BYTES)
            )
        return body, "", False
    except SystemExit:
        raise
    except BaseException as error:
        print("".join(traceback.format_exception(type(error), error, error.__traceback__)), end="")
        kind = "InitializationError" if path == "/initialize" else "UnhandledInvocationError"
        return json.dumps(describe(error)).encode("utf-8"), kind, not loaded or path != "/invoke"


def max_memory_mb():
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1024 * 1024 if sys.platform == "darwin" else 1024))


def flush(stream):
    """Writes what is buffered; the function may have closed the stream."""
    try:
        stream.flush()
    except (OSError, ValueError):
        pass


def read_request(reader):
    line = reader.readline()
    if not line:
        return None
    path = line.split(b" ")[1].decode("ascii")
    headers = {}
    while True:
        line = reader.readline()
        if line in (b"\r\n", b"\n", b""):
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return path, headers, reader.read(int(headers.get("content-length") or 0))


def serve(connection, runtime):
    global request_id
    reader = connection.makefile("rb")
    while True:
        request = read_request(reader)
        if request is None:
            return
        path, headers, event = request
        request_id = headers.get("x-fc-request-id", "")
        body, error_type, spent = run(path, headers, event, runtime)
        # The runtime takes what is there when the answer comes for this call's.
        for stream in (sys.stdout, sys.stderr):
            flush(stream)
        head = [
            "HTTP/1.1 200 OK",
            "content-type: application/octet-stream",
            "content-length: %d" % len(body),
            "x-fc-max-memory-usage: %d" % max_memory_mb(),
        ]
        if error_type:
            head.append("x-fc-error-type: %s" % error_type)
        if spent:
            head.append("x-local-spent: 1")
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body)


def end_with_runtime():
    while os.read(CONTROL_FD, 1024):
        pass
    os._exit(0)


def main():
    socket_path, runtime = sys.argv[1:3]
    sys.argv = [""]
    # The function's code takes the place of this file's own folder.
    sys.path[0] = os.getcwd()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, encoding="utf-8", errors="backslashreplace")
    logging.getLogger().addHandler(LogHandler())
    logging.getLogger().setLevel(logging.INFO)
    # Ctrl-C reaches the whole group of processes; the runtime decides when its instances end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_inheritable(CONTROL_FD, False)
    threading.Thread(target=end_with_runtime, daemon=True).start()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(socket_path)
    server.listen(8)
    os.write(CONTROL_FD, b"ready\n")
    try:
        while True:
            serve(server.accept()[0], runtime)
    finally:
        os.write(CONTROL_FD, b"exit %d\n" % max_memory_mb())


main()
