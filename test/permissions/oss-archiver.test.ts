import { randomBytes, randomUUID } from 'node:crypto';
import type { TestCloud } from 'fc-local/testing';
import { handler } from '#functions/oss-archiver';
import { provePermissions } from '#test/prove-permissions';

/**
 * Makes one zip at once, one in two runs, and abandons one. Returns the codes the function was refused
 * with, apart from those in its logs.
 */
async function archiveInRuns(cloud: TestCloud): Promise<string[]> {
  const fn = cloud.function('oss-archiver');
  const { INPUT_PREFIX: input = '', OUTPUT_PREFIX: output = '' } = fn.env;
  await cloud.bucket().put(`${input}archived.txt`, 'text');
  const order = () => ({ prefix: `${input}archived`, output: `${output}${randomUUID()}.zip` });
  await fn.invoke(JSON.stringify(order()));
  return [
    ...(await inNoTime(cloud, order())),
    ...(await inNoTime(cloud, await lastRun(cloud, order()))),
  ].filter((code) => code !== 'TooManyRuns');
}

/** Calls the handler in this process, its time over as soon as it begins. */
async function inNoTime(cloud: TestCloud, event: object): Promise<string[]> {
  const archiver = cloud.function('oss-archiver');
  const { context, restore } = archiver.calledDirectly({ timeout: 0.001 });
  if ('run' in event) process.env.MAX_RUNS = String(event.run);
  try {
    await handler(Buffer.from(JSON.stringify(event)), context);
    return [];
  } catch (error) {
    return [String(Reflect.get(Object(error), 'code'))];
  } finally {
    restore();
  }
}

/** Prepares what an archive that has used up its runs leaves to the last one. */
async function lastRun(cloud: TestCloud, { output }: { output: string }) {
  const archive = randomBytes(16).toString('hex');
  const part = { number: 1, size: 102_400, eTag: 'A', crc64: '0' };
  const state = {
    output,
    content: archive,
    partSize: part.size,
    contents: { objects: [], written: [], skipped: [] },
    position: { bytes: part.size, next: 0, rest: '' },
    upload: {
      bucket: cloud.bucket().name,
      key: output,
      uploadId: '0'.repeat(32),
      partSize: part.size,
      parts: [part],
    },
  };
  await cloud.bucket().put(`archives-state/${archive}/2.json`, JSON.stringify(state));
  return { archive, run: 2 };
}

provePermissions('oss-archiver', { run: archiveInRuns });
