import { randomUUID } from 'node:crypto';
import { hasCode } from 'fc-kit/handler';
import { OssClient } from 'fc-kit/oss';
import type { FunctionSpec, InvocationResult, LocalCloud } from 'fc-local';
import { type DemoParts, EVENT_HANDLER, UPLOADER } from './parts.ts';
import type { Failure, UploadStep, UploadTrace } from './trace.ts';

/** The upload and two cold starts included, on a busy machine. */
const MAX_WAIT_MS = 20_000;

/** Uploads a text by oss-uploader and follows it: the object, its event, oss-event-handler, the record, which is read back and compared. */
export async function runUpload(
  cloud: LocalCloud,
  { uploaderUrl, eventHandler, bucket }: DemoParts,
): Promise<{ upload: UploadTrace; failures: Failure[] }> {
  const start = Date.now();
  const steps: UploadStep[] = [];
  const failed = (failure: Failure) => ({ upload: { ok: false, steps }, failures: [failure] });

  const name = `notes-${randomUUID().slice(0, 8)}.txt`;
  const handled = successOf(cloud, eventHandler, name);
  const response = await fetch(`${uploaderUrl}${name}`, {
    method: 'PUT',
    body: 'parcel 📦, 包裹\n',
  });
  const requestId = response.headers.get('x-fc-request-id') ?? '';
  const text = await response.text();
  if (response.status !== 201)
    return failed({
      function: UPLOADER,
      requestId,
      code: `HTTP ${response.status}`,
      message: text.slice(0, 300),
    });
  const stored = JSON.parse(text) as { key: string; eTag: string };
  steps.push({ step: 'upload', function: UPLOADER, requestId, key: stored.key, ms: since(start) });

  const invocation = await handled;
  if (!invocation)
    return failed({
      function: EVENT_HANDLER,
      code: 'NotHandled',
      message: `No invocation for object "${stored.key}" has succeeded`,
    });
  const by = { function: EVENT_HANDLER, requestId: invocation.requestId };
  const key = `processed/${name}.json`;
  const record = await readRecord(cloud, bucket, key);
  if (record?.eTag !== stored.eTag)
    return failed({
      ...by,
      code: record ? 'WrongRecord' : 'NoRecord',
      message: `Object "${key}" ${record ? 'is of another content' : 'is not there'}`,
    });
  steps.push({ step: 'record', ...by, key, ms: since(start) });
  return { upload: { ok: true, steps }, failures: [] };
}

/**
 * The first invocation of the function that succeeds with an event that holds `text`; undefined when
 * none has in MAX_WAIT_MS. Waiting for the object instead would be too early: it is stored before
 * the invocation ends and its log lines are there.
 */
function successOf(
  { fc }: LocalCloud,
  { name }: FunctionSpec,
  text: string,
): Promise<InvocationResult | undefined> {
  return new Promise((resolve) => {
    const end = (result?: InvocationResult): void => {
      stop?.();
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(end, MAX_WAIT_MS).unref();
    const stop = fc?.observe(({ functionName, event, result }) => {
      if (functionName === name && event.includes(text) && !result.errorType) end(result);
    });
  });
}

/** The record's JSON; undefined when there is none. */
async function readRecord(
  { region, accessKey: credentials, environment: env }: LocalCloud,
  bucket: string,
  key: string,
): Promise<{ eTag?: unknown } | undefined> {
  const client = new OssClient({ bucket, region, credentials, env });
  try {
    return JSON.parse(String((await client.getObject(key)).body));
  } catch (error) {
    if (hasCode(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

function since(start: number): number {
  return Date.now() - start;
}
