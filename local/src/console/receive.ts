import type { ReceivedMessage } from '../smq/core/message.ts';
import { inRange } from '../smq/errors.ts';
import { BATCH_SIZE } from '../smq/limits.ts';
import { ConsoleError } from './errors.ts';
import { counted, moment } from './format.ts';
import { type Html, html } from './html.ts';
import { heading, table } from './layout.ts';
import { bodyOf } from './messages.ts';
import { type Handler, numberField, to } from './page.ts';

/** Returns the form on the page of a queue. */
export function receiveForm(page: string): Html {
  return html`<form method="post" action="${page}/receive"><p class="actions"><button>Receive</button>
<label>up to <input name="max" size="3" inputmode="numeric" placeholder="1"> messages, each for the queue's visibility timeout</label></p></form>`;
}

/**
 * Receives as a consumer does, and shows the messages, each with its lease. The page is not
 * refreshed: that would receive again.
 */
export const receive: Handler = async ({ account, names: [name = ''], form }) => {
  const { smq, clock } = account;
  const max = numberField(form, 'max') ?? 1;
  inRange('max', max, BATCH_SIZE);
  const messages = await smq.receive(name, { max, waitSeconds: 0 });
  const now = clock.now();
  const page = to('queues', name);
  return {
    title: `Received from ${name}`,
    still: true,
    main: html`
${heading('received', `${counted(messages.length, 'message')}`, html`from <a href="${page}">${name}</a>`)}
<form method="post" action="${page}/delete-received">
<button formmethod="dialog" hidden></button>
${table(
  ['', 'received#', 'leased until', 'body'],
  messages.map((one) => receivedRow(one, now)),
  'There was nothing to receive.',
  { stacked: true },
)}
${
  messages.length > 0 &&
  html`<p class="actions"><button>Delete ticked</button>
<span><button formaction="${page}/hide-received">Hide ticked</button> for <input name="seconds" size="6" inputmode="numeric" value="30" aria-label="seconds"> s more; 1 gives them back</span></p>`
}
</form>`,
  };
};

function receivedRow(message: ReceivedMessage, now: number): Html {
  const { id, body, receiptHandle, dequeueCount, nextVisibleTime } = message;
  return html`<tr><td><input type="checkbox" name="handle" value="${receiptHandle}" checked aria-label="message ${id}"></td><td class="n">${dequeueCount}</td><td>${moment(
    nextVisibleTime,
    now,
  )}</td><td class="body">${bodyOf(id, body)}</td></tr>
`;
}

/** Deletes by the handles of the leases, as a consumer does. */
export const deleteReceived: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const handles = handlesOf(form);
  for (const handle of handles) await smq.deleteMessage(name, handle);
  return { seeOther: to('queues', name), notice: `Deleted ${counted(handles.length, 'message')}` };
};

/** Begins a new lease of each message. */
export const hideReceived: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const handles = handlesOf(form);
  const seconds = numberField(form, 'seconds') ?? 30;
  for (const handle of handles) await smq.changeVisibility(name, handle, seconds);
  return {
    seeOther: to('queues', name),
    notice: `Hid ${counted(handles.length, 'message')} for ${seconds} s`,
  };
};

function handlesOf(form: URLSearchParams): string[] {
  const handles = form.getAll('handle');
  if (handles.length > 0) return handles;
  throw new ConsoleError(400, `No message was ticked: go back and tick some`);
}
