import type { InspectedMessage } from '../smq/core/message.ts';
import type { QueueDescription } from '../smq/core/queues.ts';
import type { SmqService } from '../smq/core/service.ts';
import { removeForm } from './create.ts';
import { bytes, counted, pretty } from './format.ts';
import { type Html, html } from './html.ts';
import { confirmed, heading, section } from './layout.ts';
import { messageTable } from './messages.ts';
import { type Handler, place, to } from './page.ts';
import { receiveForm } from './receive.ts';

/**
 * Maximum number of messages on one page: a browser takes more than a second to lay out 500 rows.
 */
const MAX_MESSAGES = 100;

/** Maximum number of links to the queues whose dead letters come here. */
const MAX_SOURCES = 100;

/** Maximum size of the message bodies on one page, as laid out. */
const MAX_BODIES_BYTES = 1024 * 1024;

/** Maximum number of queues in a list of targets. */
const MAX_TARGETS = 200;

/** Shows one queue with its messages, without receiving them. */
export const queuePage: Handler = ({ account: { smq, clock }, names: [name = ''], query }) => {
  const queue = smq.getQueue(name);
  const { active, inactive, delayed } = queue.counts;
  const from = place(query, 'from');
  const messages = withinLimit(smq.inspect(name, MAX_MESSAGES, from));
  const next = from + messages.length;
  const total = active + inactive + delayed;
  const page = to('queues', name);
  return {
    title: name,
    main: html`
${heading('queue', name, settings(queue))}
${deadLetters(smq, queue)}
${section('Send', sendForm(page))}
${section('Receive', receiveForm(page))}
${total > 0 && confirmed('purge', 'Purge…', html`<form method="post" action="${page}/purge"><button class="danger">Remove ${counted(total, 'message')} for good</button></form>`)}
${total > 0 && moveAll(smq, queue, total, messages)}
${removeForm(page, total === 0 ? 'the queue' : `the queue and ${counted(total, 'message')}`)}
${section(
  `${active} active, ${inactive} inactive, ${delayed} delayed`,
  html`${from > 0 && html`<p>After the ${from} oldest. <a href="${page}">All</a></p>`}
${moveForm(smq, name, messages, clock.now())}
${next < total && messages.length > 0 && html`<p><a href="${page}?from=${next}">${counted(total - next, 'newer message')}</a></p>`}`,
)}`,
  };
};

function settings({ visibilityTimeout, delaySeconds, ...rest }: QueueDescription): string {
  return [
    `visibility timeout ${visibilityTimeout} s`,
    `delay ${delaySeconds} s`,
    `polling wait ${rest.pollingWaitSeconds} s`,
    `kept ${rest.messageRetentionPeriod} s`,
    `up to ${bytes(rest.maximumMessageSize)}`,
  ].join(', ');
}

function deadLetters(smq: SmqService, { name, deadLetter }: QueueDescription): Html {
  const link = (queue: string): Html => html`<a href="${to('queues', queue)}">${queue}</a> `;
  const sources = smq.deadLetterSources(name);
  const more = sources.length - MAX_SOURCES;
  return html`${
    deadLetter &&
    html`<p>Gives up after ${counted(deadLetter.maxReceiveCount, 'receive')}, to ${link(deadLetter.queue)}</p>`
  }${sources.length > 0 && html`<p>Takes the dead letters of ${sources.slice(0, MAX_SOURCES).map(link)}${more > 0 && `and ${more} more`}</p>`}`;
}

/**
 * Returns the messages, each with a box to tick, and the targets for ticked ones. Enter on a box
 * presses the form's first button: it is for a dialog that does not exist, so that nothing is
 * moved.
 */
function moveForm(
  smq: SmqService,
  name: string,
  messages: readonly InspectedMessage[],
  now: number,
): Html {
  if (messages.length === 0) return messageTable(messages, now);
  const page = to('queues', name);
  const target = targets(smq, name);
  return html`<form method="post" action="${page}/move">
<button formmethod="dialog" hidden></button>
<p class="actions">
${hasDeadLetters(messages) && html`<button formaction="${page}/redrive">Redrive ticked</button>`}
${target && html`<span><button>Move ticked</button> to ${target}</span>`}
<button class="danger" formaction="${page}/delete-ticked">Delete ticked</button>
</p>
${messageTable(messages, now)}
</form>`;
}

/**
 * Returns the same for every message of the queue, those on other pages too; it must be opened
 * first.
 */
function moveAll(
  smq: SmqService,
  { name }: QueueDescription,
  total: number,
  messages: readonly InspectedMessage[],
): Html {
  const page = to('queues', name);
  const target = targets(smq, name);
  const all = html`<input type="hidden" name="all" value="yes">`;
  const count = counted(total, 'message');
  return html`${
    hasDeadLetters(messages) &&
    confirmed(
      'redrive-all',
      'Redrive all…',
      html`<form method="post" action="${page}/redrive">${all}<button>Redrive what of ${count} is a dead letter</button></form>`,
    )
  }${
    target &&
    confirmed(
      'move-all',
      'Move all…',
      html`<form method="post" action="${page}/move">${all}<p class="actions"><button>Move ${count}</button> to ${target}</p></form>`,
    )
  }`;
}

function hasDeadLetters(messages: readonly InspectedMessage[]): boolean {
  return messages.some(({ deadLetterOf }) => deadLetterOf !== undefined);
}

/**
 * Returns the choice of a target queue: a list of the other queues, or a field for the name if
 * there are too many. Undefined where there is no other.
 */
function targets(smq: SmqService, name: string): Html | undefined {
  const { items, nextMarker } = smq.listQueues({ limit: MAX_TARGETS });
  const others = items.filter((one) => one.name !== name);
  if (nextMarker !== undefined)
    return html`<input name="to" required aria-label="queue" placeholder="name of a queue">`;
  if (others.length === 0) return undefined;
  return html`<select name="to" aria-label="queue">${others.map((one) => html`<option>${one.name}</option>`)}</select>`;
}

function sendForm(page: string): Html {
  return html`<form method="post" action="${page}/send">
<textarea name="body" rows="3" required aria-label="body" spellcheck="false"></textarea>
<p class="actions"><button>Send</button>
<label>delay <input name="delay" size="6" inputmode="numeric" placeholder="queue's"> s</label>
<label>priority <input name="priority" size="3" inputmode="numeric" placeholder="8"></label></p>
</form>`;
}

function withinLimit(messages: InspectedMessage[]): InspectedMessage[] {
  let size = 0;
  const end = messages.findIndex(({ body }) => {
    size += pretty(body).length;
    return size > MAX_BODIES_BYTES;
  });
  return end === -1 ? messages : messages.slice(0, Math.max(1, end));
}
