// Archives large.bin in a separate process, as an instance does, in runs of a third of it each; reports the
// peak resident memory, and the number of runs. Argument: OSS address.
import { createLog } from '#src/log/log';
import { archiveObjects } from '#src/oss/archive/archive';
import type { ArchiveEvent } from '#src/oss/archive/event';
import { OssClient } from '#src/oss/bucket/client';
import { BUCKET, OWNER, REGION } from '../../../bench/upload/account.ts';

const PARTS_A_RUN = 100;
const SAMPLE_MS = 20;

const env = { OSS_ENDPOINT: process.argv[2] ?? '' };
const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });
let rss = 0;
setInterval(() => {
  rss = Math.max(rss, process.memoryUsage.rss());
}, SAMPLE_MS).unref();

let event: ArchiveEvent | undefined = { prefix: 'large', output: 'archives/large.zip' };
let runs = 0;
while (event) {
  const sdk = await client.sdk();
  let parts = 0;
  let timeIsUp = () => {};
  // Time is up after that many parts, however fast the machine is.
  const request = Reflect.get(sdk, 'request') as (params: { method: string }) => Promise<unknown>;
  Reflect.set(sdk, 'request', (params: { method: string }) => {
    if (params.method === 'PUT' && ++parts > PARTS_A_RUN) timeIsUp();
    return request.call(sdk, params);
  });
  const outcome = await archiveObjects(client, event, {
    inputPrefix: 'large',
    outputPrefix: 'archives/',
    maxRuns: 10,
    deadline: { remaining: () => 600_000 },
    invocation: { requestId: 'one' },
    log: createLog({ level: 'silent' }),
    clock: {
      now: () => Date.now(),
      after(_ms, run) {
        timeIsUp = run;
        return { cancel() {} };
      },
    },
  });
  Reflect.set(sdk, 'request', request);
  runs++;
  event = outcome.state === 'unfinished' ? outcome.next : undefined;
}
process.stdout.write(JSON.stringify({ rss, runs }));
process.exit();
