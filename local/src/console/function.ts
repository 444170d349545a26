import type { InstanceState } from '../fc/pool.ts';
import { triggerSample } from '../fc/triggers/sample-event.ts';
import type { FunctionSpec } from '../project/types.ts';
import { HIDDEN } from '../secrets.ts';
import { type Account, deployed } from './account.ts';
import { ConsoleError } from './errors.ts';
import { pretty } from './format.ts';
import { type History, wholeText } from './history.ts';
import { type Html, html } from './html.ts';
import { INVOCATION_COLUMNS, invocationRow } from './invocations.ts';
import { facts, heading, section, table } from './layout.ts';
import { logByRequest } from './log.ts';
import { field, type Handler, place, to } from './page.ts';
import { roleSection } from './role.ts';
import { isShownWithHidden, shownVariable, withoutSecrets } from './secrets.ts';
import { describeTrigger } from './triggers.ts';

/** Shows one function: its settings, its instances, its invocations, and a form to invoke it. */
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
${section('Triggers', facts(fn.triggers.map((one) => [one.name, describeTrigger(one, url)])))}
${section('Invoke', invokeForm(account, history, fn, query.get('event') ?? ''))}
${section(
  'Invocations',
  table(
    INVOCATION_COLUMNS,
    history.of(fn.name).map((one) => invocationRow(one, now, fn.resource)),
    'None since the start.',
  ),
)}
${section('Log', logByRequest(fc.logs(fn.name), to('functions', fn.resource), place(query, 'older'), now, fn))}
${section('Instances', instances(fc.instances(fn.name)))}
${section('Environment', facts(variables.map(([key, value]) => [key, html`<code>${shownVariable(key, value)}</code>`])))}
${roleSection(account.identities, fn.role)}`,
  };
};

/** Invokes synchronously and shows the outcome. */
export const invoke: Handler = async ({ account, history, names: [name = ''], form }) => {
  const { fn, fc } = deployed(account, name);
  const { requestId } = await fc.invoke(fn.name, chosenEvent(history, fn, form));
  return { seeOther: to('functions', fn.resource, 'invocations', requestId) };
};

/**
 * Returns the typed event, or the event of the earlier request that `again` names. Throws a 404
 * when that is not stored whole, and a 400 for text that a page showed in place of a secret.
 */
function chosenEvent(history: History, fn: FunctionSpec, form: URLSearchParams): Buffer {
  const again = form.get('again');
  if (again === null) {
    const event = field(form, 'event');
    if (isShownWithHidden(event))
      throw new ConsoleError(
        400,
        `The event has "${HIDDEN}" in the place of a secret: write a value there`,
      );
    return Buffer.from(event);
  }
  const earlier = history.of(fn.name).find(({ requestId }) => requestId === again);
  if (earlier && earlier.event.size === earlier.event.content.length) return earlier.event.content;
  throw new ConsoleError(404, `The event of request "${again}" is not kept here`);
}

function instances(states: readonly InstanceState[]): Html {
  const rows = states.map(
    (one) => html`<tr><td><code>${one.id}</code></td><td>${one.pid}</td><td>${one.state}</td></tr>
`,
  );
  const none = 'None: the next invocation is a cold start.';
  return table(['instance', 'process', 'state'], rows, none);
}

/**
 * Returns the form, filled in with an event of the trigger or the earlier request that `chosen`
 * names, else of the first trigger.
 */
function invokeForm(account: Account, history: History, fn: FunctionSpec, chosen: string): Html {
  const trigger = fn.triggers.find((one) => one.name === chosen) ?? fn.triggers[0];
  const earlier = history.of(fn.name).find(({ requestId }) => requestId === chosen);
  const sample = trigger && triggerSample(trigger, { ...account, now: account.clock.now() });
  const before = earlier && wholeText(earlier.event);
  const again = before !== undefined && withoutSecrets(before) === before ? before : undefined;
  const event = pretty(again ?? sample?.toString() ?? '{}');
  const page = to('functions', fn.resource);
  const others = fn.triggers.length > 1 || earlier ? fn.triggers : [];
  return html`<form method="post" action="${page}/invoke" id="invoke">
<textarea name="event" rows="${Math.min(event.split('\n').length + 1, 12)}" aria-label="event" spellcheck="false">
${event}</textarea>
<p><button>Invoke</button> ${others.map((one) => html`<a href="${page}?event=${encodeURIComponent(one.name)}#invoke">event of ${one.name}</a> `)}</p>
</form>`;
}
