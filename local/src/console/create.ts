import { NOTIFY_FORMATS } from '../smq/spec.ts';
import type { Account } from './account.ts';
import { ConsoleError } from './errors.ts';
import { type Html, html } from './html.ts';
import { confirmed, section } from './layout.ts';
import { IN_ORDER } from './messages.ts';
import { field, type Handler, numberField, optionalField, to } from './page.ts';

/** Returns the overview's forms that create a queue, a topic or a bucket. */
export function createForms(): Html {
  const name = html`<label>name <input name="name" required size="24"></label>`;
  return section(
    'Create',
    html`${confirmed(
      'new-queue',
      'A queue…',
      html`<form method="post" action="/new/queue"><p class="actions">${name}
<label>visibility timeout <input name="visibility" size="6" inputmode="numeric" placeholder="30"> s</label>
<label>delay <input name="delay" size="6" inputmode="numeric" placeholder="0"> s</label>
<label>dead letters to <input name="dead" size="20"></label>
<label>after <input name="receives" size="4" inputmode="numeric" placeholder="16"> receives</label>
<label><input type="checkbox" name="fifo" value="yes"> ${IN_ORDER}</label> <button>Create the queue</button></p></form>`,
    )}${confirmed(
      'new-topic',
      'A topic…',
      html`<form method="post" action="/new/topic"><p class="actions">${name}
<label><input type="checkbox" name="fifo" value="yes"> ${IN_ORDER}</label> <button>Create the topic</button></p></form>`,
    )}${confirmed(
      'new-bucket',
      'A bucket…',
      html`<form method="post" action="/new/bucket"><p class="actions">${name} <button>Create the bucket</button></p></form>`,
    )}`,
  );
}

/** Default number of receives before a message becomes a dead letter. */
const USUAL_RECEIVES = 16;

const CREATE: Record<string, (account: Account, form: URLSearchParams) => Promise<unknown>> = {
  queue({ smq }, form) {
    const dead = field(form, 'dead').trim();
    const maxReceiveCount = numberField(form, 'receives') ?? USUAL_RECEIVES;
    return smq.createQueue(
      field(form, 'name'),
      {
        visibilityTimeout: numberField(form, 'visibility'),
        delaySeconds: numberField(form, 'delay'),
        queueType: form.has('fifo') ? 'fifo' : undefined,
      },
      dead === '' ? undefined : { queue: dead, maxReceiveCount },
    );
  },
  topic: ({ smq }, form) =>
    smq.createTopic(field(form, 'name'), { topicType: form.has('fifo') ? 'fifo' : undefined }),
  async bucket({ oss }, form) {
    const name = field(form, 'name');
    if (oss.buckets.find(name)) throw new ConsoleError(409, `The bucket ${name} is there already`);
    await oss.apply({ buckets: [{ name, acl: 'private' }] });
  },
};

export const create: Handler = async ({ account, names: [kind = ''], form }) => {
  const make = Object.hasOwn(CREATE, kind) ? CREATE[kind] : undefined;
  if (!make) throw new ConsoleError(404, `Nothing of the kind "${kind}" can be created`);
  const made = await make(account, form);
  const name = field(form, 'name');
  return {
    seeOther: to(`${kind}s`, name),
    notice: made === 'unchanged' ? `The ${kind} ${name} was there already` : `Created ${name}`,
  };
};

/** Returns the form that deletes a resource; the next start creates a declared one again. */
export function removeForm(page: string, what: string): Html {
  return confirmed(
    'remove',
    'Delete…',
    html`<form method="post" action="${page}/remove"><button class="danger">Delete ${what} for good</button></form>`,
  );
}

export const removeQueue: Handler = async ({ account: { smq }, names: [name = ''] }) => {
  smq.getQueue(name);
  await smq.deleteQueue(name);
  return { seeOther: '/', notice: `Deleted the queue ${name}` };
};

export const removeTopic: Handler = async ({ account: { smq }, names: [name = ''] }) => {
  smq.getTopic(name);
  await smq.deleteTopic(name);
  return { seeOther: '/', notice: `Deleted the topic ${name}` };
};

export const removeBucket: Handler = async ({ account: { oss }, names: [name = ''] }) => {
  await oss.buckets.remove(name);
  return { seeOther: '/', notice: `Deleted the bucket ${name}` };
};

/** Returns the form on the page of a topic. */
export function subscribeForm(page: string): Html {
  const formats = NOTIFY_FORMATS.map((format) => html`<option>${format}</option>`);
  return confirmed(
    'subscribe',
    'Subscribe…',
    html`<form method="post" action="${page}/subscribe"><p class="actions">
<label>name <input name="name" required size="20"></label>
<label>queue, or address <input name="endpoint" required size="36" placeholder="orders, or http://…"></label>
<label>tag <input name="tag" size="12" maxlength="16"></label>
<label>format <select name="format">${formats}</select></label> <button>Subscribe</button></p></form>`,
  );
}

export const subscribe: Handler = async ({ account, names: [topic = ''], form }) => {
  const { smq, accountId, region } = account;
  const name = field(form, 'name');
  const given = field(form, 'endpoint').trim();
  const format = field(form, 'format');
  const isName = /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(given);
  const made = await smq.subscribe(topic, name, {
    endpoint: isName ? `acs:mns:${region}:${accountId}:queues/${given}` : given,
    filterTag: optionalField(form, 'tag'),
    notifyContentFormat: NOTIFY_FORMATS.find((one) => one === format),
  });
  const notice = made === 'unchanged' ? `${name} was there already` : `Subscribed ${given}`;
  return { seeOther: to('topics', topic), notice };
};

export const unsubscribe: Handler = async ({ account: { smq }, names: [topic = ''], form }) => {
  const name = field(form, 'name');
  smq.getSubscription(topic, name);
  await smq.unsubscribe(topic, name);
  return { seeOther: to('topics', topic), notice: `Ended the subscription ${name}` };
};
