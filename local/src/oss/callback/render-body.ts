import { contentMd5 } from '../answers.ts';
import { fromBytes } from '../bytes.ts';
import type { Caller } from '../events.ts';
import type { ObjectRecord } from '../store/types.ts';
import type { Callback } from './read-callback.ts';

export type CallbackOperation = 'PutObject' | 'PostObject' | 'CompleteMultipartUpload';

export interface StoredUpload {
  object: ObjectRecord;
  caller: Caller;
  operation: CallbackOperation;
}

/**
 * Returns the body of the request to the application's server, with each `${…}` filled in:
 * percent-encoded in a form, as JSON in JSON. Unknown variables are empty.
 */
export function renderCallbackBody(callback: Callback, stored: StoredUpload): string {
  const values = knownOf(stored);
  const isJson = callback.bodyType === 'application/json';
  return callback.body.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : callback.variables.get(name);
    if (isJson) return JSON.stringify(value ?? '');
    return encodeURIComponent(String(value ?? ''));
  });
}

function knownOf({ object, caller, operation }: StoredUpload): Record<string, string | number> {
  return {
    bucket: object.bucket,
    object: object.key,
    etag: object.eTag,
    size: object.size,
    mimeType: fromBytes(object.headers['content-type'] ?? ''),
    crc64: object.crc64,
    contentMd5: object.type === 'Normal' ? contentMd5(object.eTag) : '',
    clientIp: caller.sourceIp ?? '',
    reqId: caller.requestId,
    operation,
  };
}
