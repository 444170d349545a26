import type { Delivery } from '../smq/core/delivery.ts';
import { parseEndpoint, type Subscription } from '../smq/core/subscription.ts';
import { all } from './account.ts';
import { removeForm, subscribeForm } from './create.ts';
import { moment, pretty } from './format.ts';
import { type Html, html } from './html.ts';
import { count, heading, section, table } from './layout.ts';
import { field, type Handler, PAGE_SIZE, to } from './page.ts';

/** Shows one topic: its subscriptions, and undelivered notifications. */
export const topicPage: Handler = ({ account, names: [name = ''] }) => {
  const { smq, clock, functions } = account;
  const { messageCount } = smq.getTopic(name);
  const deliveries = smq.deliveries().filter(({ publication }) => publication.topic === name);
  const listening = functions.flatMap((fn) =>
    fn.triggers.some((one) => one.type === 'mns_topic' && one.topic === name) ? [fn] : [],
  );
  const rows = deliveries.slice(-PAGE_SIZE).reverse();
  const more = deliveries.length - rows.length;
  return {
    title: name,
    main: html`
${heading('topic', name, `${messageCount} waiting for delivery`)}
${section(
  'Publish',
  html`<form method="post" action="${to('topics', name)}/publish">
<textarea name="body" rows="3" required aria-label="body" spellcheck="false"></textarea>
<p class="actions"><button>Publish</button> <label>tag <input name="tag" size="16" maxlength="16"></label></p>
</form>`,
)}
${section(
  'Subscriptions',
  html`${table(
    ['subscription', 'endpoint', 'tag', 'format', 'retries', ''],
    all((marker) => smq.listSubscriptions(name, { marker })).map((one) =>
      subscriptionRow(one, to('topics', name)),
    ),
    'None.',
  )}
${subscribeForm(to('topics', name))}
${listening.map((fn) => html`<p>Sets off <a href="${to('functions', fn.resource)}">${fn.resource}</a></p>`)}`,
)}
${section(
  'Notifications that are not in a queue, latest first',
  html`${table(
    ['published', 'subscription', 'state', 'failures#', 'next try', 'message'],
    rows.map((one) => deliveryRow(one, clock.now())),
    'None waits for delivery, and none was given up.',
  )}
${more > 0 && html`<p class="none">${more} earlier ones are not shown.</p>`}`,
)}
${removeForm(to('topics', name), 'the topic and its subscriptions')}`,
  };
};

export const publish: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const tag = field(form, 'tag');
  const { messageId } = await smq.publish(name, {
    body: field(form, 'body'),
    tag: tag === '' ? undefined : tag,
  });
  return { seeOther: to('topics', name), notice: `Published message ${messageId}` };
};

/** Returns a queue's name with a link; any other endpoint unchanged. */
export function endpoint(address: string): Html {
  const parsed = parseEndpoint(address);
  if (parsed.kind !== 'queue') return html`<code>${address}</code>`;
  return html`<a href="${to('queues', parsed.queue)}">${parsed.queue}</a>`;
}

function subscriptionRow(one: Subscription, page: string): Html {
  return html`<tr><td>${one.name}</td><td>${endpoint(one.endpoint)}</td><td>${one.filterTag}</td><td>${one.notifyContentFormat}</td><td class="dim">${one.notifyStrategy}</td><td><form method="post" action="${page}/unsubscribe"><input type="hidden" name="name" value="${one.name}"><button class="danger">End</button></form></td></tr>
`;
}

function deliveryRow(one: Delivery, now: number): Html {
  const { id, publication, subscription, state, failures, dueAt, error, text } = one;
  return html`<tr><td>${moment(publication.publishTime, now)}</td><td>${subscription}</td><td${state === 'undeliverable' && html` class="bad"`}>${state}</td>${count(failures)}<td>${
    state === 'pending' && moment(dueAt, now)
  }</td><td class="body">${error !== undefined && html`<div class="bad">${error}</div>`}<details id="d-${id}"><summary><code>${(text ?? publication.body).slice(0, 120)}</code></summary><pre tabindex="0">${pretty(text ?? publication.body)}</pre></details></td></tr>
`;
}
