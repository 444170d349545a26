import { sentenceOfLeftOut } from '../project/left-out.ts';
import type { FunctionSpec, LeftOut } from '../project/types.ts';
import type { QueueDescription } from '../smq/core/queues.ts';
import type { TopicDescription } from '../smq/core/service.ts';
import { type Account, all } from './account.ts';
import { createForms } from './create.ts';
import { bytes, counted, moment } from './format.ts';
import { type History, hasFailed } from './history.ts';
import { type Html, html } from './html.ts';
import { outcome } from './invocations.ts';
import { latest } from './latest.ts';
import { count, facts, section, table } from './layout.ts';
import { type Handler, PAGE_SIZE, to } from './page.ts';
import { endpoint } from './topic.ts';
import { describeTrigger } from './triggers.ts';

/** Shows the account's contents, and the latest events. */
export const overview: Handler = ({ account, history, query }) => ({
  title: 'Overview',
  main: html`
<h1 class="unseen">Overview</h1>
${section('Functions', functions(account, history))}
${account.leftOut !== undefined && account.leftOut.length > 0 && section('What does not run here', leftOut(account.leftOut))}
${section('Queues', queues(account, query))}
${section('Topics', topics(account, query))}
${section('Buckets', buckets(account, query))}
${createForms()}
${section('What happened last', latest(account, history, query))}
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

/** Returns one page of a long listing, with its start and its length. */
function pageOf(
  query: URLSearchParams,
  name: string,
): { marker: string | undefined; limit: number } {
  return { marker: query.get(name) ?? undefined, limit: PAGE_SIZE };
}

function more(name: string, marker: string | undefined): Html | undefined {
  if (marker === undefined) return undefined;
  return html`<p><a href="/?${name}=${encodeURIComponent(marker)}">More ${name}</a></p>`;
}

function queues({ smq }: Account, query: URLSearchParams): Html {
  const { items: found, nextMarker } = smq.listQueues(pageOf(query, 'queues'));
  const forDead = new Set(found.flatMap(({ deadLetter }) => deadLetter?.queue ?? []));
  return html`${table(
    ['queue', 'active#', 'inactive#', 'delayed#', 'dead letters go to'],
    found.map((queue) => queueRow(queue, forDead.has(queue.name))),
    'No queues.',
  )}${more('queues', nextMarker)}`;
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

function topics({ smq }: Account, query: URLSearchParams): Html {
  const topicRow = ({ name, messageCount }: TopicDescription): Html => {
    const subscriptions = all((marker) => smq.listSubscriptions(name, { marker }));
    const ends = subscriptions.map(
      (one) => html`<div>${one.name} → ${endpoint(one.endpoint)}</div>`,
    );
    return html`<tr><td><a href="${to('topics', name)}">${name}</a></td><td>${ends}</td>${count(messageCount, 'busy')}</tr>
`;
  };
  const { items, nextMarker } = smq.listTopics(pageOf(query, 'topics'));
  const columns = ['topic', 'subscriptions', 'waiting#'];
  return html`${table(columns, items.map(topicRow), 'No topics.')}${more('topics', nextMarker)}`;
}

function buckets({ oss }: Account, query: URLSearchParams): Html {
  const { marker = '', limit } = pageOf(query, 'buckets');
  const left = oss.buckets.list().filter(({ name }) => name > marker);
  const shown = left.slice(0, limit);
  const rows = shown.map(({ name, acl }) => {
    const { objects, storage } = oss.tally(name);
    return html`<tr><td><a href="${to('buckets', name)}">${name}</a></td>${count(objects)}<td class="n">${bytes(storage)}</td><td class="dim">${acl}</td></tr>
`;
  });
  const next = left.length > limit ? shown.at(-1)?.name : undefined;
  return html`${table(['bucket', 'objects#', 'size#', 'ACL'], rows, 'No buckets.')}${more('buckets', next)}`;
}
