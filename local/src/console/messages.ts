import type { InspectedMessage } from '../smq/core/message.ts';
import { moment, pretty } from './format.ts';
import { type Html, html } from './html.ts';
import { table } from './layout.ts';
import { to } from './page.ts';

/** Returns a table of messages with their current state in their queue. */
export function messageTable(messages: readonly InspectedMessage[], now: number): Html {
  return table(
    ['', 'sent', 'state', 'receives#', 'priority#', 'body'],
    messages.map((message) => messageRow(message, now)),
    'None.',
    { stacked: true },
  );
}

function messageRow(message: InspectedMessage, now: number): Html {
  const { id, enqueueTime, dequeueCount, priority, deadLetterOf, body } = message;
  return html`<tr><td><input type="checkbox" name="id" value="${id}" aria-label="message ${id}"></td><td>${moment(
    enqueueTime,
    now,
  )}</td><td>${state(message, now)}</td><td class="n">${dequeueCount}</td><td class="n dim">${priority}</td><td class="body">${
    deadLetterOf !== undefined && html`<div class="dim">dead letter of ${deadLetterOf}</div>`
  }${bodyOf(id, body)}${properties(message)}</td></tr>
`;
}

function state({ state, visibleAt }: InspectedMessage, now: number): Html {
  if (state === 'active') return html`active`;
  return html`<span class="busy">${state}</span> <span class="dim">until ${moment(visibleAt, now)}</span>`;
}

const MAX_LINE_CHARACTERS = 160;

/** Returns the first line of a body, which opens to the whole. */
export function bodyOf(id: string, body: string): Html {
  const whole = pretty(body);
  const line = body.replace(/\s+/g, ' ').slice(0, MAX_LINE_CHARACTERS);
  if (line === whole) return html`<code title="${id}">${body}</code>`;
  return html`<details id="m-${id}"><summary title="${id}"><code>${line}${body.length > MAX_LINE_CHARACTERS && '…'}</code></summary><pre tabindex="0">${whole}</pre></details>`;
}

function properties({
  userProperties = [],
  systemProperties = [],
  groupId,
}: InspectedMessage): Html {
  const group = groupId === undefined ? [] : [{ name: 'MessageGroupId', value: groupId }];
  const all = [...group, ...userProperties, ...systemProperties];
  return html`${all.map(({ name, value }) => html`<div class="dim">${name} = ${name === 'traceparent' ? traceOf(value) : value}</div>`)}`;
}

/** Returns a `traceparent` with a link to its trace. */
function traceOf(value: string): Html {
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(value) ?? [];
  return id === undefined ? html`${value}` : html`<a href="${to('traces', id)}">${value}</a>`;
}
