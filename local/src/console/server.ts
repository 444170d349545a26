import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyTooLarge, readBody } from '../http/body.ts';
import { close, listen, urlOf } from '../http/listen.ts';
import { httpServer } from '../http/server.ts';
import type { Account } from './account.ts';
import { refusal } from './check-caller.ts';
import { ConsoleError, toConsoleError } from './errors.ts';
import { History } from './history.ts';
import { html } from './html.ts';
import { MAP_STYLE } from './map/style.ts';
import { Notices } from './notices.ts';
import type { Answer } from './page.ts';
import { respond, respondText } from './respond.ts';
import { Sightings } from './sightings.ts';

export interface ConsoleOptions {
  account: Account;
  host: string;
  /** 0 means any free one. */
  port: number;
}

export interface ConsoleServer {
  /** An id of its own, which `/id` answers: commands know the console by it that they mean. */
  id: string;
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Maximum size of a form: fits the largest message, each of its bytes percent-encoded. */
const MAX_FORM_BYTES = 1024 * 1024;

/** A form with a file, or a file by itself: passed to the handler, which reads it as it arrives. */
const FILE_TYPES = /^(?:multipart\/form-data|application\/x-ndjson)\b/i;

/**
 * Starts the console, which records invocations from now on. Throws LocalCloudError when it cannot
 * listen.
 */
export async function startConsole({
  account,
  host,
  port,
}: ConsoleOptions): Promise<ConsoleServer> {
  const assets = new Map([
    ['/style.css', { type: 'text/css', content: (await asset('style.css')) + MAP_STYLE }],
    ['/live.js', { type: 'text/javascript', content: await asset('live.js') }],
  ]);
  const id = randomUUID();
  const history = new History(account.fc);
  const sightings = new Sightings(account.identities, account.fc, account.functions);
  const notices = new Notices();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reason = refusal(request, host);
    if (reason !== undefined) return respondText(response, 403, 'text/plain', reason);
    const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s);
    if (path === '/id') return respondText(response, 200, 'text/plain', id);
    const found = assets.get(path);
    if (found) return respondText(response, 200, found.type, found.content);

    const query = new URLSearchParams(search);
    const contentType = request.headers['content-type'] ?? '';
    const upload = FILE_TYPES.test(contentType)
      ? (request[Symbol.asyncIterator]() as AsyncIterableIterator<Uint8Array>)
      : undefined;
    const answer = await attempt(backFrom(request, path), async () => {
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
      // Loaded for the first page: most starts are followed by none.
      const { route } = await import('./routes.ts');
      const { handler, names } = route(method, path);
      const form = upload ? new URLSearchParams() : await readForm(request);
      const sent = upload && { upload: { contentType, body: upload } };
      return handler({ account, history, sightings, names, query, form, ...sent });
    });
    await respond(response, answer, { account, notices, query });
    // Reads the rest of a refused form: a browser reads the answer only once it has sent
    // everything.
    if (upload) await drain(upload);
  }

  const server = httpServer(
    (request, response) => {
      handle(request, response).catch((error: NodeJS.ErrnoException) => {
        // The browser went away: there is no one to answer.
        if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') report(error);
        response.destroy();
      });
    },
    { clock: account.clock },
  );
  try {
    const listening = await listen(server, host, port);
    return {
      id,
      url: urlOf(host, listening),
      port: listening,
      async close() {
        sightings.close();
        history.close();
        await close(server);
      },
    };
  } catch (error) {
    sightings.close();
    history.close();
    throw error;
  }
}

const STATE_FORMS = ['/import', '/clear', '/faults'];

/** Returns the page that contains a form: the resource with which its address begins. */
function backFrom({ method }: IncomingMessage, path: string): string | undefined {
  if (method !== 'POST') return undefined;
  return /^\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0] ?? (STATE_FORMS.includes(path) ? '/state' : '/');
}

async function attempt(back: string | undefined, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const known = toConsoleError(error);
    if (!known) report(error);
    const { status, message } =
      known ?? new ConsoleError(500, 'Something went wrong: the terminal shows the details');
    return {
      status,
      title: String(status),
      main: html`<h1><small>${status}</small> ${message}</h1>
${back !== undefined && html`<p><a href="${back}">Back to the page of the form</a></p>`}`,
    };
  }
}

function report(error: unknown): void {
  console.error('The console could not answer:', error);
}

async function drain(upload: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await upload.next()).done);
  } catch {
    // It went away instead.
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  try {
    return new URLSearchParams((await readBody(request, MAX_FORM_BYTES)).toString());
  } catch (error) {
    if (error instanceof BodyTooLarge)
      throw new ConsoleError(413, `A form takes up to ${error.limit} bytes: send it by an SDK`);
    throw new ConsoleError(400, 'The form did not arrive whole: send it again', { cause: error });
  }
}

function asset(name: string): Promise<Buffer> {
  return readFile(new URL(name, import.meta.url));
}
