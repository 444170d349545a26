import type { LogLine } from '../fc/logs.ts';
import type { FunctionSpec } from '../project/types.ts';
import { moment, parsedObject } from './format.ts';
import { type Html, html } from './html.ts';
import { PAGE_SIZE } from './page.ts';
import { withoutSecrets } from './secrets.ts';
import { withSourcePositions } from './source-positions.ts';

/**
 * Returns the lines by request, the latest first, each in the order printed; without the latest
 * `older` lines. `page` is the function's.
 */
export function logByRequest(
  lines: readonly LogLine[],
  page: string,
  older: number,
  now: number,
  fn: FunctionSpec,
): Html {
  const end = Math.max(0, lines.length - older);
  const shown = lines.slice(Math.max(0, end - PAGE_SIZE), end);
  const groups = new Map<string, LogLine[]>();
  for (const line of shown) {
    const group = groups.get(line.requestId ?? '');
    if (group) group.push(line);
    else groups.set(line.requestId ?? '', [line]);
  }
  if (groups.size === 0) return html`<p class="none">Nothing was printed.</p>`;
  return html`${[...groups].reverse().map(
    ([requestId, group]) => html`<h3>${
      requestId === ''
        ? 'of no request'
        : html`<a href="${page}/invocations/${encodeURIComponent(requestId)}"><code>${requestId}</code></a>`
    }</h3>
${logLines(group, now, fn)}`,
  )}${end > PAGE_SIZE && html`<p><a href="${page}?older=${older + PAGE_SIZE}">Older lines</a></p>`}`;
}

/** Returns lines in the order printed, without the prefix that Function Compute adds to each. */
export function logLines(lines: readonly LogLine[], now: number, fn: FunctionSpec): Html {
  if (lines.length === 0) return html`<p class="none">Nothing was printed.</p>`;
  return html`<ol class="log">${lines.map((line) => logLine(line, now, fn))}</ol>`;
}

/** Prefix of the instance's console: `2026-01-31T08:00:00.000Z <request id> [info] `. */
const PREFIX = /^\S+Z \S* \[(\w+)\] /;

function logLine({ at, stream, text }: LogLine, now: number, fn: FunctionSpec): Html {
  const [prefix = '', written] = PREFIX.exec(text) ?? [];
  const printed = withSourcePositions(text.slice(prefix.length), fn);
  const rest = withoutSecrets(printed.replaceAll('\r', '\n'));
  const record = asRecord(rest);
  const level = record?.level ?? written ?? (stream === 'stderr' ? 'error' : '');
  return html`<li class="${level}">${moment(at, now)} <span class="level">${level}</span> <span class="text">${
    record ? html`${record.message} <span class="dim">${record.rest}</span>` : rest
  }</span></li>
`;
}

interface Entry {
  level: string;
  message: string;
  /** Each other field as `name=value`. */
  rest: string;
}

/** Pino's own levels, unless it is set to print names. */
const LEVELS = new Map([
  ['20', 'debug'],
  ['30', 'info'],
  ['40', 'warn'],
  ['50', 'error'],
  ['60', 'fatal'],
]);

/** Fields already shown, by the page or beside the line. */
const KNOWN = ['level', 'time', 'requestId', 'function', 'message', 'msg'];

/** Parses a line of JSON with a message, as structured loggers print them. */
function asRecord(text: string): Entry | undefined {
  const fields = parsedObject(text);
  const message = fields?.message ?? fields?.msg;
  if (!fields || typeof message !== 'string') return undefined;
  const level = shown(fields.level ?? '');
  const rest = Object.entries(fields).filter(([name]) => !KNOWN.includes(name));
  return {
    level: LEVELS.get(level) ?? level,
    message,
    rest: rest.map(([name, value]) => `${name}=${shown(value)}`).join(' '),
  };
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
