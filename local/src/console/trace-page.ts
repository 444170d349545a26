import { type NotedRequest, hasFailed as requestHasFailed } from '../requests/noted-request.ts';
import type { Account } from './account.ts';
import { startOf } from './attribution.ts';
import { ConsoleError } from './errors.ts';
import { counted, moment } from './format.ts';
import { hasFailed } from './history.ts';
import { type Html, html } from './html.ts';
import { outcome } from './invocations.ts';
import { section, table } from './layout.ts';
import { logLines } from './log.ts';
import { type Handler, to } from './page.ts';
import { answered, asked } from './requests.ts';
import { spanOf, type Trace, type TracedInvocation, Traces } from './trace.ts';
import type { Message } from './trace-messages.ts';

/** Returns a link to the page of a trace: by its id, or the id of the request that began it. */
export function traceLink(id: string): string {
  return to('traces', id);
}

const MAX_LISTED = 50;
/** Maximum number of requests of one invocation. */
const MAX_REQUESTS = 200;
/** Maximum number of rows, and of log lines of all functions together. */
const MAX_ROWS = 1000;
const MAX_LINES = 1000;

/** Shows the traces of the latest invocations. */
export const tracesPage: Handler = ({ account, history }) => {
  const now = account.clock.now();
  const traces = new Traces(account, history);
  const byId = new Map<string, { at: number; names: Set<string>; failed: boolean }>();
  for (const invocation of history.latest(MAX_LISTED))
    for (const id of traces.idsOf(invocation)) {
      const { at, names, failed } = byId.get(id) ?? { at: 0, names: new Set(), failed: false };
      names.add(nameOf(account, invocation.functionName));
      byId.set(id, {
        at: Math.max(at, invocation.at),
        names,
        failed: failed || hasFailed(invocation),
      });
    }
  const rows = [...byId].map(
    ([id, { at, names, failed }]) =>
      html`<tr><td>${moment(at, now)}</td><td><a href="${traceLink(id)}"><code>${id}</code></a></td><td>${[...names].reverse().join(', ')}</td><td>${failed && html`<span class="bad">failed</span>`}</td></tr>
`,
  );
  return {
    title: 'Traces',
    main: html`<h1>Traces</h1>
<p class="about">What a <code>traceparent</code>, or a log line with a traceId, holds together; of the last ${MAX_LISTED} invocations.</p>
${section('Latest', table(['last', 'trace', 'functions', 'outcome'], rows, 'No invocation named a trace yet.'))}`,
  };
};

/** Shows one request's way through functions, topics, queues and objects as a waterfall. */
export const tracePage: Handler = ({ account, history, names: [id = ''] }) => {
  const trace = new Traces(account, history).find(id);
  if (!trace) throw new ConsoleError(404, `Nothing of a trace "${id}" is kept here`);
  const { from, to } = spanOf(trace);
  const now = account.clock.now();
  const rows = rowsOf(account, trace);
  const shown = rows.slice(0, MAX_ROWS).map((row) => rowHtml(row, from, to));
  const more = rows.length - shown.length;
  return {
    title: `Trace ${id}`,
    main: html`<h1><small>trace</small> ${trace.traceId ?? id}</h1>
<p class="about">${moment(from, now)}, ${ms(to - from)} in all${
      trace.traceId === undefined &&
      ', followed by the ids of messages and requests: nothing named one trace'
    }</p>
${table(['what', 'after', 'took', 'outcome', 'when'], shown, 'Nothing.', { stacked: true })}
${more > 0 && html`<p class="dim">It has ${counted(more, 'row')} more than these.</p>`}
${trace.isPart && html`<p class="dim">It has more messages than these, which are not followed.</p>`}
${trace.invocations.map((one) => rest(account, one))}
${logs(account, trace, now)}`,
  };
};

/** One line of the waterfall; times in milliseconds since the epoch. */
interface Row {
  depth: 0 | 1;
  what: Html;
  from: number;
  /** Absent while it lasts. */
  to?: number | undefined;
  kind: 'work' | 'wait' | 'lease' | 'call' | 'bad';
  outcome?: Html;
}

/** Returns the rows in order of time, each followed by its own parts. */
function rowsOf(account: Account, { invocations, messages }: Trace): Row[] {
  const groups = [
    ...invocations.map((one) => invocationRows(account, one)),
    ...messages.flatMap((message) => messageRows(account, message)),
  ];
  return groups
    .filter((group) => group.length > 0)
    .sort(([a], [b]) => (a?.from ?? 0) - (b?.from ?? 0))
    .flat();
}

function invocationRows(account: Account, { invocation, requests }: TracedInvocation): Row[] {
  const name = nameOf(account, invocation.functionName);
  const link = to('functions', name, 'invocations', invocation.requestId);
  return [
    {
      depth: 0,
      what: html`<a href="${link}">${name}</a>`,
      from: startOf(invocation),
      to: invocation.at,
      kind: hasFailed(invocation) ? 'bad' : 'work',
      outcome: outcome(invocation),
    },
    ...requests.slice(0, MAX_REQUESTS).map(requestRow),
  ];
}

function requestRow(request: NotedRequest): Row {
  const { action, resource } = asked(request);
  return {
    depth: 1,
    what: html`<code>${action}</code> <span class="dim">${resource.replace(/^acs:\w+:[^:]*:[^:]*:/, '')}</span>`,
    from: request.at,
    to: request.endedAt,
    kind: requestHasFailed(request) ? 'bad' : 'call',
    outcome: answered(request),
  };
}

function messageRows({ clock }: Account, message: Message): Row[][] {
  const { kind, name, id, sentAt, sentBy, leases, deletedAt, now } = message;
  const first = sentAt ?? leases[0]?.from;
  if (first === undefined) return [];
  const link = to(kind === 'topic' ? 'topics' : 'queues', name);
  const what = html`message in ${kind} <a href="${link}">${name}</a> <span class="dim"><code>${id}</code></span>`;
  // A topic delivers at once.
  if (kind === 'topic')
    return [[{ depth: 0, what, from: first, to: sentBy?.endedAt ?? first, kind: 'wait' }]];
  return [
    [
      {
        depth: 0,
        what,
        from: first,
        to: deletedAt ?? (now ? undefined : leases.at(-1)?.from),
        kind: now?.deadLetterOf === undefined ? 'wait' : 'bad',
        outcome: stateOf(message),
      },
      ...leases.map((lease, at): Row => {
        const next = leases[at + 1]?.from;
        const deleted = next === undefined ? deletedAt : undefined;
        const until = Math.min(lease.until, next ?? lease.until, deleted ?? lease.until);
        return {
          depth: 1,
          what: html`lease ${at + 1}`,
          from: lease.from,
          to: until > clock.now() ? undefined : until,
          kind: 'lease',
          outcome: html`<span class="dim">${deleted !== undefined ? 'deleted' : until > clock.now() ? 'held' : 'ended'}</span>`,
        };
      }),
    ],
  ];
}

function stateOf({ deletedAt, now, leases }: Message): Html {
  if (deletedAt !== undefined)
    return html`<span class="dim">deleted after ${counted(leases.length, 'receive')}</span>`;
  if (now?.deadLetterOf !== undefined)
    return html`<span class="bad">dead letter of ${now.deadLetterOf}</span>`;
  if (now)
    return html`<span class="busy">${now.state}, ${counted(now.dequeueCount, 'receive')}</span>`;
  return html`<span class="dim">gone from the queue</span>`;
}

const WIDTH = 1000;
/** Minimum width, so that an event without duration is visible. */
const MIN_WIDTH = 4;

function rowHtml({ depth, what, from, to, kind, outcome }: Row, begin: number, end: number): Html {
  const scale = WIDTH / (end - begin);
  const x = Math.min(Math.max(0, (from - begin) * scale), WIDTH - MIN_WIDTH);
  const width = Math.min(WIDTH - x, Math.max(MIN_WIDTH, ((to ?? end) - from) * scale));
  return html`<tr><td class="depth-${depth}">${what}</td><td class="n">${ms(from - begin)}</td><td class="n">${
    to === undefined ? 'goes on' : ms(to - from)
  }</td><td>${outcome}</td><td class="bar"><svg viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="12"/></svg></td></tr>
`;
}

/** Returns the lines of each invocation, and how many more there are. */
function logs({ functions }: Account, { invocations }: Trace, now: number): Html {
  let left = MAX_LINES;
  let more = 0;
  const sections = invocations.map(({ invocation, lines }) => {
    const fn = functions.find(({ name }) => name === invocation.functionName);
    if (!fn) return undefined;
    const shown = lines.slice(0, left);
    left -= shown.length;
    more += lines.length - shown.length;
    return shown.length > 0 && section(`Log of ${fn.resource}`, logLines(shown, now, fn));
  });
  return html`${sections}${more > 0 && html`<p class="dim">There are ${counted(more, 'log line')} more.</p>`}`;
}

/** Returns requests that are not among the rows, with a link to them. */
function rest(account: Account, { invocation, requests, unclear }: TracedInvocation): Html {
  const name = nameOf(account, invocation.functionName);
  const link = `/requests?invocation=${encodeURIComponent(invocation.requestId)}`;
  const more = requests.length - MAX_REQUESTS;
  return html`${
    more > 0 &&
    html`<p class="dim">${name} made <a href="${link}">${counted(more, 'request')}</a> more.</p>`
  }${
    unclear > 0 &&
    html`<p class="dim">${name} took part in other traces too: <a href="${link}">${counted(unclear, 'request')}</a> of it may be for any of them.</p>`
  }`;
}

function nameOf({ functions }: Account, functionName: string): string {
  return functions.find(({ name }) => name === functionName)?.resource ?? functionName;
}

function ms(value: number): string {
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
