import type { InspectedMessage } from '../smq/core/message.ts';
import type { QueueDescription } from '../smq/core/queues.ts';
import type { SmqService } from '../smq/core/service.ts';
import { all } from './account.ts';
import { bytes, counted, pretty } from './format.ts';
import { type Html, html } from './html.ts';
import { confirmed, heading, section } from './layout.ts';
import { messageTable } from './messages.ts';
import { type Handler, PAGE_SIZE, place, to } from './page.ts';

/** Of message bodies on one page, as they are laid out. */
const MAX_BODIES_BYTES = 1024 * 1024;

/** One queue with its messages, which are not received by that. */
export const queuePage: Handler = ({ account: { smq, clock }, names: [name = ''], query }) => {
  const queue = smq.getQueue(name);
  const { active, inactive, delayed } = queue.counts;
  const from = place(query, 'from');
  const messages = withinLimit(smq.inspect(name, PAGE_SIZE, from));
  const next = from + messages.length;
  const total = active + inactive + delayed;
  const page = to('queues', name);
  return {
    title: name,
    main: html`
${heading('queue', name, settings(queue))}
${deadLetters(smq, queue)}
${section(
  `${active} active, ${inactive} inactive, ${delayed} delayed`,
  html`${from > 0 && html`<p>Behind the ${from} oldest. <a href="${page}">All</a></p>`}
${moveForm(smq, name, messages, clock.now())}
${next < total && messages.length > 0 && html`<p><a href="${page}?from=${next}">${counted(total - next, 'newer message')}</a></p>`}`,
)}
${section('Send', sendForm(page))}
${total > 0 && confirmed('purge', 'Purge…', html`<form method="post" action="${page}/purge"><button class="danger">Remove ${counted(total, 'message')} for good</button></form>`)}`,
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
  const queues = all((marker) => smq.listQueues({ marker }));
  const sources = queues.filter((one) => one.deadLetter?.queue === name);
  return html`${
    deadLetter &&
    html`<p>Gives up after ${counted(deadLetter.maxReceiveCount, 'receive')}, to ${link(deadLetter.queue)}</p>`
  }${sources.length > 0 && html`<p>Takes the dead letters of ${sources.map((one) => link(one.name))}</p>`}`;
}

/** The messages, each with a box to tick, and where those that are ticked can go. */
function moveForm(
  smq: SmqService,
  name: string,
  messages: readonly InspectedMessage[],
  now: number,
): Html {
  const rows = messageTable(messages, now);
  if (messages.length === 0) return rows;
  const others = all((marker) => smq.listQueues({ marker })).filter((one) => one.name !== name);
  const page = to('queues', name);
  const redrive = messages.some(({ deadLetterOf }) => deadLetterOf !== undefined);
  const both = (action: string, verb: string): Html =>
    html`<button formaction="${page}/${action}">${verb} ticked</button> <button formaction="${page}/${action}" name="all" value="yes">${verb} all</button>`;
  return html`<form method="post" action="${page}/move">
${rows}
<p class="actions">
${redrive && html`<span>${both('redrive', 'Redrive')}</span>`}
${others.length > 0 && html`<span>${both('move', 'Move')} to <select name="to" aria-label="queue">${others.map((one) => html`<option>${one.name}</option>`)}</select></span>`}
</p>
</form>`;
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
