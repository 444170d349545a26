import { QUARANTINE_PREFIX, type QuarantineEntry } from 'fc-kit/consume';
import { parseJson, validate } from 'fc-kit/handler';
import type { OssClient } from 'fc-kit/oss';
import * as z from 'zod';

const PAGE = 1000;

const Property = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  // What stands for bytes in JSON.
  z.object({ base64: z.base64() }).transform(({ base64 }) => Buffer.from(base64, 'base64')),
]);

const Entry: z.ZodType<QuarantineEntry> = z.object({
  messageId: z.string(),
  source: z.object({ kind: z.enum(['queue', 'topic']), name: z.string() }),
  body: z.string(),
  payload: z.string().optional(),
  userProperties: z.record(z.string(), Property),
  error: z.object({
    name: z.string(),
    code: z.string().exactOptional(),
    message: z.string(),
  }),
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
  dequeueCount: z.number(),
  enqueueTime: z.number().optional(),
  receivedAt: z.number(),
  traceId: z.string().optional(),
});

/** A message in quarantine, in a bucket or in a queue. */
export interface Kept {
  /** The id of the message. */
  id: string;
  /** Where it is kept: the object's key, or `<queue>/<message id>`. */
  place: string;
  /** Throws an InvalidInputError for what is no entry. */
  read(): Promise<QuarantineEntry>;
  /** Takes it out of quarantine for good. */
  remove(): Promise<void>;
}

/** Everything in the bucket's quarantine, or what came from one queue, oldest day first. */
export async function* keptInBucket(bucket: OssClient, queue?: string): AsyncGenerator<Kept> {
  const prefix = queue === undefined ? QUARANTINE_PREFIX : `${QUARANTINE_PREFIX}${queue}/`;
  let token: string | undefined;
  do {
    const page = await bucket.listObjects({ prefix, max: PAGE, ...(token && { token }) });
    for (const { key } of page.objects)
      yield {
        id: idOf(key),
        place: key,
        read: () => readEntry(bucket, key),
        remove: () => bucket.deleteObject(key),
      };
    token = page.nextToken;
  } while (token);
}

/** The message id that a key ends in. */
function idOf(key: string): string {
  const last = key.split('/').at(-1) ?? '';
  return decodeURIComponent(last.replace(/\.json$/, ''));
}

async function readEntry(bucket: OssClient, key: string): Promise<QuarantineEntry> {
  const { body } = await bucket.getObject(key);
  return validate(Entry, parseJson(body, `Object "${key}"`), `Object "${key}"`);
}
