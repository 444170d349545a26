import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { LogLine } from '#local/fc/runtime';
import type { LocalCloud } from '#local/main';
import { hasCode } from '#shared/errors';
import { OssClient } from '#shared/oss/client';
import { recordStep } from './follow.ts';
import type { Failure, UploadStep, UploadTrace } from './trace.ts';

const UPLOADER = 'oss-uploader';
const EVENT_HANDLER = 'oss-event-handler';
const LONGEST_WAIT_MS = 10_000;
const POLL_MS = 20;

/** Uploads a text by oss-uploader and follows it: the object, its event, oss-event-handler, the record, which is read back and compared. */
export async function runUpload(
  cloud: LocalCloud,
  lines: readonly LogLine[],
): Promise<{ upload: UploadTrace; failures: Failure[] }> {
  const start = Date.now();
  const steps: UploadStep[] = [];
  const failed = (failure: Failure) => ({ upload: { ok: false, steps }, failures: [failure] });

  const name = `notes-${randomUUID().slice(0, 8)}.txt`;
  const url = `${cloud.fc?.httpTriggerUrl(UPLOADER)}${name}`;
  const response = await fetch(url, { method: 'PUT', body: 'parcel 📦, 包裹\n' });
  const requestId = response.headers.get('x-fc-request-id') ?? '';
  const text = await response.text();
  if (response.status !== 201)
    return failed({
      function: UPLOADER,
      requestId,
      code: `Http${response.status}`,
      message: text.slice(0, 300),
    });
  const stored = JSON.parse(text) as { key: string; eTag: string };
  steps.push({ step: 'upload', function: UPLOADER, requestId, key: stored.key, ms: since(start) });

  const key = `processed/${name}.json`;
  const record = await readWhenThere(cloud, key);
  if (record?.eTag !== stored.eTag)
    return failed({
      function: EVENT_HANDLER,
      code: record ? 'WrongRecord' : 'NoRecord',
      message: `Object "${key}" ${record ? 'is of another content' : 'has not come'}`,
    });
  const handler = cloud.project?.functions.find(({ resource }) => resource === EVENT_HANDLER);
  const { requestId: invocation } = recordStep(lines, handler?.name ?? '', key);
  const by = { function: EVENT_HANDLER, ...(invocation && { requestId: invocation }) };
  steps.push({ step: 'record', ...by, key, ms: since(start) });
  return { upload: { ok: true, steps }, failures: [] };
}

/** The record's JSON, once the event has been handled. */
async function readWhenThere(
  { project, region, accessKey: credentials, environment: env }: LocalCloud,
  key: string,
): Promise<{ eTag?: unknown } | undefined> {
  const bucket = project?.buckets[0]?.name ?? '';
  const client = new OssClient({ bucket, region, credentials, env });
  for (const start = Date.now(); since(start) < LONGEST_WAIT_MS; await wait(POLL_MS))
    try {
      return JSON.parse(String((await client.getObject(key)).body));
    } catch (error) {
      if (!hasCode(error, 'NoSuchKey')) throw error;
    }
  return undefined;
}

function since(start: number): number {
  return Date.now() - start;
}
