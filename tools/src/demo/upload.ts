import { randomUUID } from 'node:crypto';
import { hasCode } from 'fc-kit/handler';
import { OssClient } from 'fc-kit/oss';
import type { FunctionSpec, InvocationResult, LocalCloud } from 'fc-local';
import { headersFor } from './http-auth.ts';
import { type DemoParts, EVENT_HANDLER, UPLOADER } from './parts.ts';
import type { Failure, UploadStep, UploadTrace } from './trace.ts';

/** Long enough for the upload and two cold starts on a busy machine. */
const MAX_WAIT_MS = 20_000;

interface Uploaded {
  /** Undefined if the project has neither function. */
  upload?: UploadTrace;
  failures: Failure[];
}

/**
 * Uploads a text by oss-uploader, or stores it if there is no such function, and follows it: the object,
 * its event, oss-event-handler, the record, which is read back and compared.
 */
export async function runUpload(cloud: LocalCloud, parts: DemoParts): Promise<Uploaded> {
  const { uploaderUrl, eventHandler } = parts;
  if (!uploaderUrl && !eventHandler) return { failures: [] };
  const start = Date.now();
  const steps: UploadStep[] = [];
  const failed = (failure: Failure) => ({ upload: { ok: false, steps }, failures: [failure] });

  const name = `notes-${randomUUID().slice(0, 8)}.txt`;
  const handled = eventHandler && successOf(cloud, eventHandler.spec, name);
  const stored = uploaderUrl
    ? await uploadTo(cloud, uploaderUrl, name)
    : await storeIn(cloud, eventHandler?.bucket ?? '', `${eventHandler?.input}${name}`);
  if ('code' in stored) return failed(stored);
  const { requestId, key, eTag } = stored;
  if (uploaderUrl)
    steps.push({ step: 'upload', function: UPLOADER, requestId, key, ms: since(start) });
  // An upload outside the prefix starts nothing.
  if (!eventHandler || !handled || !key.startsWith(eventHandler.input))
    return { upload: { ok: true, steps }, failures: [] };

  const invocation = await handled;
  if (!invocation)
    return failed({
      function: EVENT_HANDLER,
      code: 'NotHandled',
      message: `No invocation for object "${key}" has succeeded`,
    });
  const by = { function: EVENT_HANDLER, requestId: invocation.requestId };
  const recordKey = `${eventHandler.output}${key.slice(eventHandler.input.length)}.json`;
  const record = await readRecord(cloud, eventHandler.bucket, recordKey);
  if (record?.eTag !== eTag)
    return failed({
      ...by,
      code: record ? 'WrongRecord' : 'NoRecord',
      message: `Object "${recordKey}" ${record ? 'has other content' : 'does not exist'}`,
    });
  steps.push({ step: 'record', ...by, key: recordKey, ms: since(start) });
  return { upload: { ok: true, steps }, failures: [] };
}

const TEXT = 'parcel 📦, 包裹\n';

/** An object as it was stored. */
interface Stored {
  requestId: string;
  key: string;
  eTag: string;
}

async function uploadTo(cloud: LocalCloud, url: string, name: string): Promise<Stored | Failure> {
  const headers = headersFor(cloud, UPLOADER, 'PUT', `${url}${name}`);
  const response = await fetch(`${url}${name}`, { method: 'PUT', headers, body: TEXT });
  const requestId = response.headers.get('x-fc-request-id') ?? '';
  const text = await response.text();
  if (response.status === 201)
    return { ...(JSON.parse(text) as { key: string; eTag: string }), requestId };
  const code = `HTTP ${response.status}`;
  return { function: UPLOADER, requestId, code, message: text.slice(0, 300) };
}

async function storeIn(
  { region, accessKey: credentials, environment: env }: LocalCloud,
  bucket: string,
  key: string,
): Promise<Stored> {
  const client = new OssClient({ bucket, region, credentials, env });
  const { eTag } = await client.putObject(key, TEXT, { contentType: 'text/plain' });
  return { requestId: '', key, eTag };
}

/**
 * Returns the first invocation of the function that succeeds with an event that holds `text`; undefined if
 * none has in MAX_WAIT_MS. Waiting for the object instead would end too early: it is stored before the
 * invocation ends and its log lines are written.
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

/** Returns the record's JSON; undefined if there is none. */
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
