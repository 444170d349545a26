import { fileURLToPath } from 'node:url';
import type { LocalCloud } from '#local/main';
import { startLocalCloud } from '#local/main';
import type { FunctionSpec } from '#local/project/types';
import { build, ROOT } from '#scripts/build';
import { httpEvent } from '#test/http-event';
import { anOrder, ordersQueue } from '#test/orders';
import { interleaved, median, table } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

/** What each function is asked first: its whole job once, against the local services. */
const EVENTS: Record<string, (cloud: LocalCloud) => Promise<Buffer> | Buffer> = {
  'topic-publisher': () => httpEvent({ body: JSON.stringify(anOrder()) }),
  async 'queue-consumer'(cloud) {
    await cloud.smq.service.send(ordersQueue(cloud), { body: JSON.stringify(anOrder()) });
    return Buffer.from(JSON.stringify({ triggerTime: '', triggerName: 'bench' }));
  },
  'oss-uploader': () => httpEvent({ method: 'PUT', path: `/${anOrder().id}`, body: 'text' }),
  'mpaas-vhost': () => httpEvent({ method: 'GET' }),
};

/** Milliseconds from starting an instance's process to its first answer. */
async function coldStart(cloud: LocalCloud, fn: FunctionSpec): Promise<number> {
  const event = await (EVENTS[fn.resource]?.(cloud) ?? Buffer.from('{}'));
  await cloud.fc?.deploy(fn);
  const start = performance.now();
  const result = await cloud.fc?.invoke(fn.name, event);
  const elapsed = performance.now() - start;
  const answer = result?.body.toString() ?? '';
  if (!result?.coldStart || result.errorType || /"statusCode":[45]/.test(answer))
    throw new Error(`${fn.name} did not do its job: ${answer}`);
  return elapsed;
}

/** A function of bench/fixtures with a role that may publish and store. */
function baseline(name: string, cloud: LocalCloud): FunctionSpec {
  const model = cloud.project?.functions[0];
  if (!model) throw new Error('s.yaml declares no function');
  cloud.identities.defineRole({
    name: 'bench',
    trust: {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
      ],
    },
    policies: [
      {
        name: 'all',
        document: { Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      },
    ],
  });
  const environmentVariables = {
    TOPIC_NAME: cloud.project?.topics[0]?.name ?? '',
    BUCKET_NAME: cloud.project?.buckets[0]?.name ?? '',
  };
  return {
    ...model,
    name,
    resource: name,
    codeDir: fixture(name),
    role: 'bench',
    environmentVariables,
    triggers: [],
  };
}

const built = await build();
const cloud = await startLocalCloud({ project: ROOT });
try {
  const ours = (cloud.project?.functions ?? []).filter(({ resource }) => EVENTS[resource]);
  const all = [baseline('floor', cloud), ...ours, baseline('usual-way', cloud)];
  const contenders = Object.fromEntries(
    all.map((fn) => [fn.resource, () => coldStart(cloud, fn)] as const),
  );
  await interleaved(2, contenders);
  const times = await interleaved(ROUNDS, contenders);
  const floor = median(times.floor ?? []);
  console.log(
    `Cold start, process start to first answer, median of ${ROUNDS} interleaved rounds\n`,
  );
  console.log(
    table([
      ['function', 'of the floor', 'ms', 'bundle KB'],
      ...Object.entries(times).map(([name, values]) => [
        name,
        (median(values) / floor).toFixed(2),
        median(values).toFixed(1),
        String(Math.round((built.find((one) => one.name === name)?.size ?? 0) / 1024)),
      ]),
    ]),
  );
} finally {
  await cloud.close();
}
