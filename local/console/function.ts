import type { LogLine } from '../fc/logs.ts';
import { triggerSample } from '../fc/triggers/sample-event.ts';
import type { FunctionSpec } from '../project/types.ts';
import { type Account, deployed } from './account.ts';
import { asText, pretty } from './format.ts';
import type { History } from './history.ts';
import { type Html, html } from './html.ts';
import { INVOCATION_COLUMNS, invocationRow } from './invocations.ts';
import { facts, heading, section, table } from './layout.ts';
import { logLines } from './log.ts';
import { field, type Handler, PAGE_SIZE, place, to } from './page.ts';
import { roleSection } from './role.ts';
import { shownVariable, withoutSecrets } from './secrets.ts';
import { describeTrigger } from './triggers.ts';

/** One function: how it is set up, what runs, what it did, and a form to invoke it. */
export const functionPage: Handler = ({ account, history, names: [name = ''], query }) => {
  const { fn, fc } = deployed(account, name);
  const now = account.clock.now();
  const url = fc.httpTriggerUrl(fn.name);
  const variables = Object.entries({ ...fn.environmentVariables, ...account.environment });
  const about = `${fn.runtime}, ${fn.handler}, ${fn.memorySize} MB, ${fn.timeout} s, ${fn.source}`;
  return {
    title: fn.resource,
    main: html`
${heading('function', fn.resource, html`<code>${fn.name}</code> · ${about}`)}
${section('Triggers', fn.triggers.length === 0 ? html`<p class="none">None.</p>` : facts(fn.triggers.map((trigger) => [trigger.name, describeTrigger(trigger, url)])))}
${section('Invoke', invokeForm(account, history, fn, query.get('event') ?? ''))}
${section(
  'Invocations',
  table(
    INVOCATION_COLUMNS,
    history.of(fn.name).map((one) => invocationRow(one, now, fn.resource)),
    'None since the start.',
  ),
)}
${section('Log', logByRequest(fn, fc.logs(fn.name), place(query, 'older'), now))}
${section(
  'Instances',
  table(
    ['instance', 'process', 'state'],
    fc.instances(fn.name).map(
      ({
        id,
        pid,
        state,
      }) => html`<tr><td><code>${id}</code></td><td>${pid}</td><td>${state}</td></tr>
`,
    ),
    'None: the next invocation is a cold start.',
  ),
)}
${section('Environment', facts(variables.map(([key, value]) => [key, html`<code>${shownVariable(key, value)}</code>`])))}
${roleSection(account.identities, fn.role)}`,
  };
};

/** Invokes synchronously and shows the outcome. */
export const invoke: Handler = async ({ account, names: [name = ''], form }) => {
  const { fn, fc } = deployed(account, name);
  const { requestId } = await fc.invoke(fn.name, Buffer.from(field(form, 'event')));
  return { seeOther: to('functions', fn.resource, 'invocations', requestId) };
};

/** Filled in with an event of the trigger or the earlier request that `chosen` names, else of the first trigger. */
function invokeForm(account: Account, history: History, fn: FunctionSpec, chosen: string): Html {
  const trigger = fn.triggers.find((one) => one.name === chosen) ?? fn.triggers[0];
  const earlier = history.of(fn.name).find(({ requestId }) => requestId === chosen);
  const sample = trigger && triggerSample(trigger, { ...account, now: account.clock.now() });
  const event = earlier
    ? withoutSecrets(asText(earlier.event.content) ?? '')
    : (sample?.toString() ?? '{}');
  const page = to('functions', fn.resource);
  const others = fn.triggers.length > 1 || earlier ? fn.triggers : [];
  return html`<form method="post" action="${page}/invoke" id="invoke">
<textarea name="event" rows="10" aria-label="event" spellcheck="false">
${pretty(event)}</textarea>
<p><button>Invoke</button> ${others.map((one) => html`<a href="${page}?event=${encodeURIComponent(one.name)}#invoke">event of ${one.name}</a> `)}</p>
</form>`;
}

/** The latest request first, its lines in the order they were printed. */
function logByRequest(fn: FunctionSpec, lines: LogLine[], older: number, now: number): Html {
  const end = Math.max(0, lines.length - older);
  const shown = lines.slice(Math.max(0, end - PAGE_SIZE), end);
  const groups = new Map<string, LogLine[]>();
  for (const line of shown) {
    const group = groups.get(line.requestId ?? '');
    if (group) group.push(line);
    else groups.set(line.requestId ?? '', [line]);
  }
  if (groups.size === 0) return html`<p class="none">Nothing was printed.</p>`;
  const page = to('functions', fn.resource);
  return html`${[...groups].reverse().map(
    ([requestId, group]) => html`<h3>${
      requestId === ''
        ? 'of no request'
        : html`<a href="${page}/invocations/${encodeURIComponent(requestId)}"><code>${requestId}</code></a>`
    }</h3>
${logLines(group, now)}`,
  )}${end > PAGE_SIZE && html`<p><a href="${page}?older=${older + PAGE_SIZE}">Older lines</a></p>`}`;
}
