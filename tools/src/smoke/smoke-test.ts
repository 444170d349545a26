import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { CredentialsProvider } from 'fc-kit/credentials';
import { AppError, hasCode } from 'fc-kit/handler';
import { OssClient } from 'fc-kit/oss';
import { signedHeaders } from '../call/sign.ts';
import type { SampleOrder } from '../sample/orders.ts';
import type { Deployed } from './deployed.ts';
import { SmokeError } from './smoke-error.ts';

const POLL_MS = 2000;

export interface SmokeTestOptions extends Deployed {
  credentials: CredentialsProvider;
  /** Signs the request to the HTTP trigger; undefined if it lets anyone in. */
  signer?: CredentialsProvider | undefined;
  /** How long the object may take, in milliseconds. The timer fires once a minute. */
  patience: number;
  env: NodeJS.ProcessEnv;
  say(line: string): void;
  /** Waits between two looks at the bucket. */
  wait(ms: number): Promise<void>;
}

/** Sends one order through the deployed functions and follows it to its object, which stays. Throws SmokeError. */
export async function smokeTest(options: SmokeTestOptions): Promise<void> {
  const { bucket, region, credentials, env, say } = options;
  const order: SampleOrder = {
    id: `smoke-${randomUUID().slice(0, 8)}`,
    customer: 'Smoke & <Test>',
    items: [{ sku: 'tea', quantity: 1 }],
  };
  const client = new OssClient({ bucket, region, credentials, env });
  const key = `orders/${order.id}.json`;
  // Done before anything is sent: a missing permission to look would only be noticed a minute later.
  await look(client, key, bucket);

  const start = Date.now();
  const messageId = await send(options, order);
  say(`publish  message ${messageId}, ${Date.now() - start} ms`);
  const stored = await untilStored(options, client, key);
  if (!isDeepStrictEqual(stored, order))
    throw new SmokeError(
      `${key} is not the order that was sent`,
      'look at the logs of queue-consumer',
    );
  say(`store    object ${key}, ${Date.now() - start} ms`);
}

async function send({ url, signer }: SmokeTestOptions, order: SampleOrder): Promise<string> {
  const credentials = await signer?.getCredentials();
  const request = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credentials && signedHeaders('POST', new URL(url), credentials)),
    },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(30_000),
  };
  const response = await fetch(url, request).catch((cause: Error) => {
    throw new SmokeError(
      `${url} does not answer (${(cause.cause as Error | undefined)?.message ?? cause.message})`,
      'check the address; without --url it is the one that Function Compute names',
      { cause },
    );
  });
  const text = await response.text();
  const requestId = response.headers.get('x-fc-request-id') ?? 'unknown';
  if (response.status === 202) return String(Object((JSON.parse(text) as unknown) ?? {}).messageId);
  throw new SmokeError(
    `topic-publisher answers ${response.status} to request ${requestId}: ${text.slice(0, 200)}`,
    remedyFor(response.status),
  );
}

function remedyFor(status: number): string {
  if (status === 401 || status === 403)
    return 'its HTTP trigger requires a signature or a token (authType in s.yaml), or it is disabled';
  if (status === 404) return 'there is no such function or trigger: fc-templates deploy';
  if (status < 500) return 'it does not accept the body as an order: is an older version deployed?';
  return 'search its logs for the request id; often its role lacks mns:PublishMessage on the topic';
}

async function untilStored(
  { patience, wait, bucket }: SmokeTestOptions,
  client: OssClient,
  key: string,
) {
  for (let waited = 0; waited <= patience; waited += POLL_MS) {
    const body = await look(client, key, bucket);
    if (body !== undefined) return JSON.parse(body) as unknown;
    await wait(POLL_MS);
  }
  throw new SmokeError(
    `${key} is not in ${bucket} after ${patience / 1000} seconds`,
    "see that queue-consumer's timer is enabled, its logs, and what is in its queue and the dead-letter queue",
  );
}

async function look(client: OssClient, key: string, bucket: string): Promise<string | undefined> {
  try {
    return (await client.getObject(key)).body.toString('utf8');
  } catch (error) {
    if (hasCode(error, 'NoSuchKey')) return undefined;
    if (hasCode(error, 'AccessDenied'))
      throw new SmokeError(
        `your credential may not read ${key} in ${bucket}`,
        'grant it oss:GetObject and oss:ListObjects there; fc-templates credentials explain --service oss says which it is',
        { cause: error },
      );
    if (hasCode(error, 'NoSuchBucket'))
      throw new SmokeError(`there is no bucket ${bucket}`, 'give --bucket, or deploy', {
        cause: error,
      });
    if (error instanceof AppError)
      throw new SmokeError(`OSS cannot be asked for ${key}`, error.message, { cause: error });
    throw error;
  }
}
