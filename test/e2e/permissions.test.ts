import type { LogLine, RoleSpec } from 'fc-local';
import { queueEvent, type TestCloud, topicEvent, until } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { localCloud } from '#test/local-cloud';
import { anOrder, ordersQueue } from '#test/orders';
import { archiveInRuns } from './archive-scenario.ts';
import { claimedOrder, litterAndSweep, storeAndTell, useGrants } from './oss-scenarios.ts';

/** What each function does when it does everything it is there for. The run succeeds, or says with which code it was refused; what a service said to somebody else is returned. */
const SCENARIOS: Record<string, (cloud: TestCloud) => Promise<unknown>> = {
  async 'topic-publisher'(cloud) {
    // Larger than a message, and the second time under the same key.
    const url = cloud.function('topic-publisher').url;
    const body = JSON.stringify(anOrder({ note: '<'.repeat(30_000) }));
    const headers = { 'idempotency-key': anOrder().id };
    for (let time = 0; time < 2; time++) await fetch(url, { method: 'POST', headers, body });
  },
  async 'queue-consumer'(cloud) {
    // The same order twice: the second time the function compares it with the stored one. Another
    // under its id comes back later, and what is no order goes to quarantine. One lies in the bucket.
    const order = anOrder();
    const other = { ...order, customer: 'Grace' };
    const bodies = [order, order, other, 'no order'].map((body) => JSON.stringify(body));
    for (const body of [...bodies, await claimedOrder(cloud)]) await ordersQueue(cloud).send(body);
    await cloud.function('queue-consumer').fireTimer();
  },
  async 'queue-fleet'(cloud) {
    // One look in each run. Places are taken for minutes, so they are taken away.
    const fleet = cloud.function('queue-fleet');
    if (fleet.spec.timeout > 5) await fleet.redeploy({ timeout: 5 });
    for (const key of cloud.bucket().keys('fleet/')) await cloud.bucket().delete(key);
    await ordersQueue(cloud).send(JSON.stringify(anOrder()));
    const worker = cloud.function('queue-consumer');
    const before = worker.invocations().length;
    const { body, errorType } = await fleet.fireTimer();
    // The worker is done before the next run's message comes.
    const started = errorType ? 0 : JSON.parse(body.toString()).started;
    await until(() => worker.invocations().length === before + started);
  },
  async 'queue-event-consumer'(cloud) {
    // The second time both are found done.
    const consumer = cloud.function('queue-event-consumer');
    const pushed = consumer.spec.triggers.find(({ type }) => type === 'eventbridge');
    const queue = pushed?.type === 'eventbridge' ? pushed.queue : '';
    const bodies = [JSON.stringify(anOrder()), await claimedOrder(cloud)];
    const event = queueEvent(bodies, { queue });
    for (let push = 0; push < 2; push++) await consumer.invoke(event);
    await consumer.invoke(queueEvent(['no order'], { queue }));
  },
  async 'topic-subscriber'(cloud) {
    const body = JSON.stringify(anOrder());
    for (const message of [body, body, await claimedOrder(cloud)])
      await cloud.function('topic-subscriber').invoke(topicEvent(message));
    await cloud.function('topic-subscriber').invoke(topicEvent('no order'));
  },
  async 'oss-uploader'(cloud) {
    // The second time the function compares it with the stored one.
    const url = `${cloud.function('oss-uploader').url}${anOrder().id}`;
    for (let time = 0; time < 2; time++) await fetch(url, { method: 'PUT', body: 'text' });
  },
  async 'upload-grant'(cloud) {
    return useGrants(cloud, 'upload-grant');
  },
  async 'oss-event-handler'(cloud) {
    return storeAndTell(cloud, 'oss-event-handler');
  },
  async 'oss-archiver'(cloud) {
    return archiveInRuns(cloud, 'oss-archiver');
  },
  async 'oss-sweeper'(cloud) {
    return litterAndSweep(cloud, 'oss-sweeper');
  },
  async 'mpaas-vhost'(cloud) {
    await fetch(cloud.function('mpaas-vhost').url);
  },
  async 'function-invoker'(cloud) {
    const consumer = cloud.function('queue-consumer').spec.name;
    const event = { triggerTime: '2026-01-01T00:00:00Z', triggerName: 'now', payload: '' };
    const body = JSON.stringify({ calls: [{ function: consumer, event }] });
    await fetch(cloud.function('function-invoker').url, { method: 'POST', body });
  },
};

/** Roles a function works with besides its own, without the app's name in front. */
const ASSUMED: Record<string, string[]> = {
  'mpaas-vhost': ['mpaas-query'],
  'upload-grant': ['direct-upload'],
};

/** What a scenario makes its function report with every permission there is. */
const EXPECTED: Record<string, string[]> = {
  'queue-consumer': ['ObjectConflict', 'InvalidValue'],
  'queue-event-consumer': ['InvalidJson', 'BatchIncomplete'],
  'topic-subscriber': ['InvalidJson', 'BatchIncomplete'],
};

/** Used by FC in the function's name, not by the function: its logs, and the events that failed in all tries. */
const USED_BY_FC = ['log:PostLogStoreLogs', 'mns:SendMessage'];

/** One action on one resource, as a statement of a policy allows it. */
interface Grant {
  role: RoleSpec;
  statement: Statement;
  action: string;
  resource: string;
}

interface Statement {
  Action: string[];
  Resource: string | string[];
}

const statementsOf = (document: unknown): Statement[] =>
  (document as { Statement: Statement[] }).Statement;

function grantsOf(role: RoleSpec): Grant[] {
  return role.policies
    .flatMap(({ document }) => statementsOf(document))
    .flatMap((statement) =>
      statement.Action.flatMap((action) =>
        [statement.Resource].flat().map((resource) => ({ role, statement, action, resource })),
      ),
    );
}

/** The role with that taken out of its policies, and nothing else. */
function without({ role, statement, action, resource }: Grant): RoleSpec {
  const others = [statement.Resource].flat().filter((other) => other !== resource);
  const left = [
    { ...statement, Action: statement.Action.filter((other) => other !== action) },
    { ...statement, Action: [action], Resource: others },
  ].filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
  const policies = role.policies.flatMap(({ name, document }) => {
    const Statement = statementsOf(document).flatMap((one) => (one === statement ? left : [one]));
    return Statement.length > 0 ? [{ name, document: { Version: '1', Statement } }] : [];
  });
  return { ...role, policies };
}

it('has a scenario for every function', async () => {
  const { project } = await localCloud({ functions: false });
  expect(project?.functions.map(({ resource }) => resource).toSorted()).toEqual(
    Object.keys(SCENARIOS).toSorted(),
  );
});

it.each(Object.keys(SCENARIOS))(
  '%s works with its role’s policy, and is refused by the service without any one action on any one resource of it',
  async (name) => {
    const lines: LogLine[] = [];
    const cloud = await localCloud({ onLog: (line) => lines.push(line) });
    const fn = cloud.function(name).spec;
    const assumed = (ASSUMED[name] ?? []).map((role) => `${cloud.project?.name}-${role}`);
    const names = [fn.role, ...assumed];
    const roles = cloud.project?.roles.filter((role) => names.includes(role.name)) ?? [];
    const grants = roles.flatMap(grantsOf).filter(({ action }) => !USED_BY_FC.includes(action));
    const refusals = async () => {
      lines.length = 0;
      const said = await SCENARIOS[name]?.(cloud);
      const elsewhere = Array.isArray(said) ? said.map(String) : [];
      // Events and topics wake other functions too; what they say is not this one's.
      const errors = lines
        .filter(({ functionName }) => functionName === fn.name)
        .flatMap(({ text }) => (text.match(/"level":"(error|warn)"/) ? [text] : []));
      const codes = errors.map((text) => /"code":"(\w+(?:\.\w+)?)"/.exec(text)?.[1] ?? text);
      return [...elsewhere, ...codes].filter((code) => !EXPECTED[name]?.includes(code));
    };

    const define = async (role: RoleSpec) => {
      cloud.role(role.name).define(role);
      // A fresh instance: the credential of an assumed role is kept for as long as it lives.
      if (ASSUMED[name]) await cloud.function(name).redeploy();
    };

    expect(await refusals()).toEqual([]);
    expect(grants.length).toBeGreaterThan(0);
    for (const grant of grants) {
      const what = `without ${grant.action} on ${grant.resource}`;
      await define(without(grant));
      const codes = await refusals();
      expect(codes, what).not.toEqual([]);
      for (const code of codes)
        expect(code, what).toMatch(
          /^(AccessDenied|AccessDeniedByRamPolicy|NoPermission|Forbidden\.RAM)$/,
        );
      await define(grant.role);
      await refusals(); // What was left in the queue is handled now.
    }
  },
);
