import { sentenceOfLeftOut } from '../project/left-out.ts';
import type { FunctionSpec, LeftOut } from '../project/types.ts';
import type { QueueDescription } from '../smq/core/queues.ts';
import type { TopicDescription } from '../smq/core/service.ts';
import { type Account, all } from './account.ts';
import { bytes, counted, moment } from './format.ts';
import { type History, hasFailed } from './history.ts';
import { type Html, html } from './html.ts';
import { INVOCATION_COLUMNS, invocationRow, outcome } from './invocations.ts';
import { count, facts, section, table } from './layout.ts';
import { type Handler, to } from './page.ts';
import { endpoint } from './topic.ts';
import { describeTrigger } from './triggers.ts';

const MAX_LATEST = 12;

/** All that the account holds, and what happened last. */
export const overview: Handler = ({ account, history }) => ({
  title: 'Overview',
  main: html`
${section('Functions', functions(account, history))}
${account.leftOut?.length && section('What does not run here', leftOut(account.leftOut))}
${section('Queues', queues(account))}
${section('Topics', topics(account))}
${section('Buckets', buckets(account))}
${section('What happened last', latest(account, history))}
${section('Addresses', facts(Object.entries(account.environment).map(([name, url]) => [name, html`<code>${url}</code>`])))}`,
});

function functions(account: Account, history: History): Html {
  return table(
    ['function', 'triggers', 'instances#', 'last invocation', 'lately'],
    account.functions.map((fn) => functionRow(account, history, fn)),
    'No functions: the services run alone.',
  );
}

function functionRow({ fc, clock }: Account, history: History, fn: FunctionSpec): Html {
  const invocations = history.of(fn.name);
  const [last] = invocations;
  const failed = invocations.filter(hasFailed).length;
  const url = fc?.httpTriggerUrl(fn.name);
  const triggers = fn.triggers.map((trigger) => html`<div>${describeTrigger(trigger, url)}</div>`);
  return html`<tr><td><a href="${to('functions', fn.resource)}">${fn.resource}</a></td><td>${triggers}</td>${count(
    fc?.instances(fn.name).length ?? 0,
  )}<td class="short">${last && html`${moment(last.at, clock.now())} ${outcome(last)}`}</td><td class="short ${failed > 0 ? 'bad' : 'dim'}">${
    last &&
    (failed > 0 ? `${failed} of ${invocations.length} failed` : counted(invocations.length, 'run'))
  }</td></tr>
`;
}

function leftOut(all: readonly LeftOut[]): Html {
  const rows = all.map(
    (one) => html`<tr><td class="bad">${sentenceOfLeftOut(one)}</td></tr>
`,
  );
  return table(['reason'], rows, '');
}

function queues({ smq }: Account): Html {
  const found = all((marker) => smq.listQueues({ marker }));
  const forDead = new Set(found.flatMap(({ deadLetter }) => deadLetter?.queue ?? []));
  return table(
    ['queue', 'active#', 'inactive#', 'delayed#', 'dead letters go to'],
    found.map((queue) => queueRow(queue, forDead.has(queue.name))),
    'No queues.',
  );
}

function queueRow({ name, counts, deadLetter }: QueueDescription, isForDead: boolean): Html {
  return html`<tr><td><a href="${to('queues', name)}">${name}</a></td>${count(counts.active, isForDead ? 'bad' : 'busy')}${count(
    counts.inactive,
  )}${count(counts.delayed)}<td>${
    deadLetter &&
    html`<a href="${to('queues', deadLetter.queue)}">${deadLetter.queue}</a> <span class="dim">after ${counted(deadLetter.maxReceiveCount, 'receive')}</span>`
  }</td></tr>
`;
}

function topics({ smq }: Account): Html {
  const topicRow = ({ name, messageCount }: TopicDescription): Html => {
    const subscriptions = all((marker) => smq.listSubscriptions(name, { marker }));
    const ends = subscriptions.map(
      (one) => html`<div>${one.name} → ${endpoint(one.endpoint)}</div>`,
    );
    return html`<tr><td><a href="${to('topics', name)}">${name}</a></td><td>${ends}</td>${count(messageCount, 'busy')}</tr>
`;
  };
  const found = all((marker) => smq.listTopics({ marker }));
  return table(['topic', 'subscriptions', 'waiting#'], found.map(topicRow), 'No topics.');
}

function buckets({ oss }: Account): Html {
  const rows = oss.buckets.list().map(({ name, acl }) => {
    const { objects, storage } = oss.buckets.stat(name);
    return html`<tr><td><a href="${to('buckets', name)}">${name}</a></td>${count(objects)}<td class="n">${bytes(storage)}</td><td class="dim">${acl}</td></tr>
`;
  });
  return table(['bucket', 'objects#', 'size#', 'ACL'], rows, 'No buckets.');
}

function latest({ clock, functions }: Account, history: History): Html {
  const nameOf = (functionName: string): string =>
    functions.find(({ name }) => name === functionName)?.resource ?? functionName;
  const rows = history
    .latest(MAX_LATEST)
    .map((one) => invocationRow(one, clock.now(), nameOf(one.functionName), { named: true }));
  return table(['function', ...INVOCATION_COLUMNS], rows, 'Nothing was invoked yet.');
}
