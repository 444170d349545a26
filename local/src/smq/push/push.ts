import { createHash, sign } from 'node:crypto';
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type RequestOptions,
} from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Clock } from '../../clock.ts';
import { isLoopback } from '../../http/loopback.ts';
import { type HttpNotification, type Push, Undeliverable } from '../core/delivery.ts';
import { newRequestId } from '../respond.ts';
import { stringToSignV2 } from '../signature.ts';
import { CERTIFICATE_PATH, pushSigningKey, type SigningKey } from './certificate.ts';

/** Time in which an endpoint must answer 2xx, in milliseconds. */
const ANSWER_MS = 5000;
/** Path for an endpoint that names none. */
const DEFAULT_PATH = '/notifications';
const CONTENT_TYPES = {
  XML: 'text/xml;charset=utf-8',
  JSON: 'application/json;charset=utf-8',
  SIMPLIFIED: 'text/plain;charset=utf-8',
  STREAM: 'text/plain;charset=utf-8',
} as const;

export interface PushOptions {
  clock: Clock;
  accountId: string;
  /** Returns the address of the SMQ server, where endpoints get the certificate. */
  serverUrl(): string;
}

/**
 * Posts notifications to HTTP endpoints on this machine, signed as SMQ signs them: RSA-SHA1 over
 * method, Content-MD5, Content-Type, Date, the x-mns-* headers and the path. A status of 2xx within
 * 5 seconds is a success; redirects are not followed. An endpoint on another machine is
 * undeliverable: no request leaves this one.
 */
export function httpPush({ clock, accountId, serverUrl }: PushOptions): Push & { close(): void } {
  const agent = new HttpAgent({ keepAlive: true });
  let secureAgent: HttpsAgent | undefined;
  /** Loads TLS, which most projects never need, for the first https endpoint. */
  const secureRequest = async (options: RequestOptions): Promise<ClientRequest> => {
    const https = await import('node:https');
    secureAgent ??= new https.Agent({ keepAlive: true });
    return https.request({ ...options, agent: secureAgent });
  };
  const push: Push = async (notification, signal) => {
    const url = new URL(notification.url);
    if (!isLoopback(url.hostname))
      throw new Undeliverable(
        `"${notification.url}" is not on this machine, and the local SMQ sends nothing beyond it; give an endpoint on 127.0.0.1`,
      );
    const path =
      url.pathname === '/' && url.search === '' ? DEFAULT_PATH : url.pathname + url.search;
    const headers = unsignedHeaders(notification, accountId, serverUrl(), clock.now());
    const key = await pushSigningKey();
    headers.authorization = authorization(path, headers, key);
    const options = {
      method: 'POST',
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      path,
      headers: { host: url.host, ...headers },
      signal,
    };
    const request =
      url.protocol === 'https:' ? await secureRequest(options) : httpRequest({ ...options, agent });
    await answered(request, notification.body, clock);
  };
  const close = (): void => {
    agent.destroy();
    secureAgent?.destroy();
  };
  return Object.assign(push, { close });
}

function unsignedHeaders(
  { publication, subscription, format, body }: HttpNotification,
  accountId: string,
  serverUrl: string,
  now: number,
): Record<string, string> {
  const { topic, messageId, tag, publishTime } = publication;
  return {
    'content-type': CONTENT_TYPES[format],
    'content-length': String(Buffer.byteLength(body)),
    'content-md5': Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64'),
    date: new Date(now).toUTCString(),
    'x-mns-version': '2015-06-06',
    'x-mns-request-id': newRequestId(),
    'x-mns-signing-cert-url': Buffer.from(serverUrl + CERTIFICATE_PATH).toString('base64'),
    ...((format === 'SIMPLIFIED' || format === 'STREAM') && {
      'x-mns-message-id': messageId,
      ...(tag !== undefined && { 'x-mns-message-tag': headerText(tag) }),
      'x-mns-publish-time': String(publishTime),
      'x-mns-subscriber': accountId,
      'x-mns-subscription-name': subscription,
      'x-mns-topic-name': topic,
      'x-mns-topic-owner': accountId,
    }),
  };
}

/** Percent-encodes text that is not ASCII, for a header. */
function headerText(text: string): string {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : encodeURIComponent(text);
}

function authorization(
  path: string,
  headers: Readonly<Record<string, string>>,
  { privateKey }: SigningKey,
): string {
  const text = stringToSignV2({ method: 'POST', target: path, headers }, headers.date ?? '');
  return sign('sha1', Buffer.from(text), privateKey).toString('base64');
}

function answered(request: ClientRequest, body: string, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ANSWER_MS, () =>
      request.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)),
    );
    const settle = (error?: Error): void => {
      timer.cancel();
      if (error) reject(error);
      else resolve();
    };
    request.once('response', (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once('error', () => undefined);
      settle(
        statusCode >= 200 && statusCode < 300
          ? undefined
          : new Error(`the endpoint answered ${statusCode}, not 2xx`),
      );
    });
    request.on('error', settle);
    request.end(body);
  });
}
