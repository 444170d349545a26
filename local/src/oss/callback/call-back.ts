import { request as httpRequest } from 'node:http';
import { readBody } from '../../http/body.ts';
import { OssError } from '../errors.ts';
import type { Answer } from '../operation.ts';
import type { Callback } from './read-callback.ts';
import { renderCallbackBody, type StoredUpload } from './render-body.ts';
import { PUBLIC_KEY_PATH, signCallback } from './signing-key.ts';

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 3 * 1024 * 1024;

export interface CallBackOptions {
  host: string;
  /** Headers of OSS's own answer, besides what the application's server answers. */
  headers: Record<string, string>;
  /** Aborts the wait for the application's server. */
  closing: AbortSignal;
}

/**
 * Notifies the application's server of a stored object, and answers the client with its response.
 * The object stays in either case. Throws CallbackFailed (203) when no server answers 200 with JSON
 * within five seconds; there is no second attempt.
 */
export async function callBack(
  callback: Callback,
  stored: StoredUpload,
  { host, headers, closing }: CallBackOptions,
): Promise<Answer> {
  const body = renderCallbackBody(callback, stored);
  let failure = '';
  for (const url of callback.urls) {
    if (closing.aborted) break;
    const outcome = await post(url, callback, body, { host, stored, closing }).catch(
      (error: unknown) => `Error: ${error instanceof Error ? error.message : error}`,
    );
    if (typeof outcome !== 'string')
      return {
        status: 200,
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: outcome,
      };
    failure = outcome;
  }
  throw new OssError('CallbackFailed', { message: failure, headers });
}

/** Returns the answer's body, or a description of what was wrong with it. */
function post(
  url: URL,
  callback: Callback,
  body: string,
  { host, stored, closing }: Omit<CallBackOptions, 'headers'> & { stored: StoredUpload },
): Promise<Buffer | string> {
  const { bucket } = stored.object;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method: 'POST',
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          Host: callback.host ?? url.host,
          'Content-Type': callback.bodyType,
          'Content-Length': String(Buffer.byteLength(body)),
          'User-Agent': 'aliyun-oss-callback',
          Authorization: signCallback(url, body),
          'x-oss-pub-key-url': Buffer.from(`http://${host}${PUBLIC_KEY_PATH}`).toString('base64'),
          'x-oss-request-id': stored.caller.requestId,
          'x-oss-requester': stored.caller.requester?.accountId ?? '',
          'x-oss-signature-version': '1.0',
          'x-oss-tag': 'CALLBACK',
          'x-oss-bucket': bucket,
        },
      },
      (answer) => {
        readBody(answer, MAX_ANSWER_BYTES).then((content) => {
          if (answer.statusCode !== 200) resolve(`Error status : ${answer.statusCode}.`);
          else if (!isJson(content)) resolve('Response body is not valid json format.');
          else resolve(content);
        }, reject);
      },
    );
    const end = (): void => void request.destroy(new Error('The service is closing'));
    closing.addEventListener('abort', end);
    request.on('close', () => closing.removeEventListener('abort', end));
    request.on('error', reject);
    request.end(body);
  });
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
