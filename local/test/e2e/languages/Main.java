// Signs by hand, so that nothing is needed: an object in OSS and a message in SMQ say which event came.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URL;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Main {
  static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(System.getenv("FC_SERVER_PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", port), 0);
    server.createContext("/", Main::handle);
    server.start();
  }

  static void handle(HttpExchange exchange) {
    try (exchange) {
      String text = new String(exchange.getRequestBody().readAllBytes(), "UTF-8");
      boolean http = "/http-invoke".equals(header(exchange, "x-fc-control-path"));
      byte[] said = work(exchange, http ? "http" : kindOf(text)).getBytes("UTF-8");
      exchange.sendResponseHeaders(200, said.length);
      exchange.getResponseBody().write(said);
    } catch (Exception error) {
      error.printStackTrace();
    }
  }

  static String kindOf(String text) {
    if (text.contains("triggerTime")) return "timer";
    return text.contains("\"events\"") ? "oss" : "queue";
  }

  static String work(HttpExchange exchange, String kind) throws Exception {
    String language = System.getenv("LANGUAGE");
    String date = DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
    String keyId = header(exchange, "x-fc-access-key-id");
    String secret = header(exchange, "x-fc-access-key-secret");
    String token = header(exchange, "x-fc-security-token");

    String path = "/records/" + language + "/" + kind;
    HttpURLConnection put = open("OSS_ENDPOINT", path, "PUT", "text/plain", date);
    put.setRequestProperty("x-oss-security-token", token);
    put.setRequestProperty("Authorization", "OSS " + keyId + ":" + sign(secret,
        "PUT", "", "text/plain", date, "x-oss-security-token:" + token, path));
    send(put, kind);

    path = "/queues/seen/messages";
    HttpURLConnection post = open("SMQ_ENDPOINT", path, "POST", "text/xml", date);
    post.setRequestProperty("x-mns-version", "2015-06-06");
    post.setRequestProperty("security-token", token);
    post.setRequestProperty("Authorization", "MNS " + keyId + ":" + sign(secret,
        "POST", "", "text/xml", date, "x-mns-version:2015-06-06", path));
    send(post, "<Message xmlns=\"http://mns.aliyuncs.com/doc/v1/\"><MessageBody>"
        + language + " " + kind + "</MessageBody></Message>");
    return language + " " + kind;
  }

  static HttpURLConnection open(
      String endpoint, String path, String method, String type, String date) throws Exception {
    URL url = new URL(System.getenv(endpoint) + path);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod(method);
    connection.setDoOutput(true);
    connection.setRequestProperty("Date", date);
    connection.setRequestProperty("Content-Type", type);
    return connection;
  }

  static void send(HttpURLConnection connection, String body) throws Exception {
    connection.getOutputStream().write(body.getBytes("UTF-8"));
    if (connection.getResponseCode() >= 300)
      throw new Exception(new String(connection.getErrorStream().readAllBytes(), "UTF-8"));
  }

  static String sign(String secret, String... lines) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret.getBytes("UTF-8"), "HmacSHA1"));
    return Base64.getEncoder()
        .encodeToString(mac.doFinal(String.join("\n", lines).getBytes("UTF-8")));
  }

  static String header(HttpExchange exchange, String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }
}
