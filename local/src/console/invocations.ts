import { deployed } from './account.ts';
import { ConsoleError } from './errors.ts';
import { asText, bytes, counted, moment, parsedObject, pretty } from './format.ts';
import { wholeText } from './history.ts';
import { type Html, html } from './html.ts';
import { facts, heading, section } from './layout.ts';
import { logLines } from './log.ts';
import { type Handler, to } from './page.ts';
import type { Excerpt, PastInvocation } from './past-invocation.ts';
import { requestsOf, requestTable } from './requests.ts';
import { withoutSecrets } from './secrets.ts';
import { withSourcePositions } from './source-positions.ts';
import { Traces } from './trace.ts';

export const INVOCATION_COLUMNS = ['ended', 'took', 'outcome', 'request'];

/** Returns a row of INVOCATION_COLUMNS; the function's `name` comes first when it is `named`. */
export function invocationRow(
  one: PastInvocation,
  now: number,
  name: string,
  { named = false } = {},
): Html {
  const { requestId, at } = one;
  const link = to('functions', name, 'invocations', requestId);
  return html`<tr>${
    named && html`<td><a href="${to('functions', name)}">${name}</a></td>`
  }<td>${moment(at, now)}</td><td>${took(one)}</td><td>${outcome(one)}</td><td><a href="${link}"><code>${requestId}</code></a></td></tr>
`;
}

/**
 * Returns the kind of failure and how its process ended, or the status that an HTTP caller gets.
 */
export function outcome({ errorType, ended, status }: PastInvocation): Html {
  if (errorType)
    return html`<span class="bad">${errorType}${ended !== undefined && `: ${ended}`}</span>`;
  if (status === undefined) return html`<span class="dim">done</span>`;
  return html`<span class="${status < 400 ? 'dim' : status < 500 ? 'busy' : 'bad'}">${status}</span>`;
}

function response({ content }: Excerpt): Record<string, unknown> | undefined {
  return parsedObject(content.toString());
}

function took({ durationMs, coldStart }: PastInvocation): Html {
  const ms = durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs);
  return html`${ms} ms${coldStart && html` <span class="dim">cold start</span>`}`;
}

/** Shows one request: its event, its answer and its log lines, for each attempt. */
export const invocationPage: Handler = ({
  account,
  history,
  names: [name = '', requestId = ''],
}) => {
  const { fn, fc } = deployed(account, name);
  const now = account.clock.now();
  const tries = history.of(fn.name).filter((one) => one.requestId === requestId);
  const [last] = tries;
  if (!last)
    throw new ConsoleError(404, `No request "${requestId}" of ${fn.resource} is kept here`);
  const made = requestsOf(account, history, requestId);
  const lines = fc.logs(fn.name).filter((line) => line.requestId === requestId);
  return {
    title: `Request ${requestId}`,
    main: html`
${heading('request', requestId, html`of <a href="${to('functions', fn.resource)}">${fn.resource}</a>`)}
${facts(tries.map((one) => [tries.length > 1 ? 'try' : 'ended', html`${moment(one.at, now)}, ${took(one)}, ${outcome(one)}`]))}
${traces(new Traces(account, history), last)}
${section('Answer', html`${excerpt(last.answer, (text) => withSourcePositions(text, fn))}${responseBody(last.answer)}`)}
${section('Event', html`${excerpt(last.event)}${again(last, to('functions', fn.resource))}`)}
${section(counted(lines.length, 'log line'), logLines(lines, now, fn))}
${made.requests.length > 0 && section(counted(made.requests.length, 'request'), requestTable(account, made.attribution, made.requests))}`,
  };
};

/** Returns links to the traces in which it took part; to the one it began where it names none. */
function traces(all: Traces, invocation: PastInvocation): Html {
  const ids = [...all.idsOf(invocation)];
  const named = ids.length > 0 ? ids : [invocation.requestId];
  return html`<p>Trace ${named.map((id) => html`<a href="${to('traces', id)}"><code>${id}</code></a> `)}</p>`;
}

/**
 * Returns a link to the form with the event in it; with a secret, a button that sends it as it was,
 * unseen.
 */
function again({ event, requestId }: PastInvocation, page: string): Html | undefined {
  const text = wholeText(event);
  if (text === undefined) return undefined;
  if (withoutSecrets(text) !== text)
    return html`<form method="post" action="${page}/invoke"><input type="hidden" name="again" value="${requestId}"><button>Invoke again with this event, its secrets as they were</button></form>`;
  return html`<p><a href="${page}?event=${encodeURIComponent(requestId)}#invoke">Invoke again with this event</a></p>`;
}

/** Returns the JSON in the body of an HTTP function's answer, with one level of quotes less. */
function responseBody(answer: Excerpt): Html | undefined {
  const body = response(answer)?.body;
  const inner = typeof body === 'string' ? pretty(body) : body;
  if (typeof inner !== 'string' || inner === body) return undefined;
  return html`<h3>body</h3><pre tabindex="0">${withoutSecrets(inner)}</pre>`;
}

function excerpt({ content, size }: Excerpt, map = (text: string): string => text): Html {
  if (size === 0) return html`<p class="none">Empty.</p>`;
  const whole = size === content.length;
  const text = asText(content, { whole });
  if (text === undefined) return html`<p class="none">${bytes(size)} that are not text.</p>`;
  return html`<pre tabindex="0">${withoutSecrets(map(whole ? pretty(text) : text))}</pre>${
    !whole && html`<p class="none">The first ${bytes(content.length)} of ${bytes(size)}.</p>`
  }`;
}
