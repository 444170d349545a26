import { QUARANTINE_PREFIX, type QuarantineEntry } from 'fc-kit/consume';
import { parseJson, validate } from 'fc-kit/handler';
import type { OssClient } from 'fc-kit/oss';
import * as z from 'fc-kit/schema';
import type { KeptMessage } from './kept-message.ts';

const PAGE = 1000;

const Property = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  // Bytes, which JSON cannot hold.
  z.pipe(
    z.object({ base64: z.base64() }),
    z.transform(({ base64 }: { base64: string }) => Buffer.from(base64, 'base64')),
  ),
]);

const Entry: z.ZodMiniType<QuarantineEntry> = z.object({
  messageId: z.string(),
  source: z.object({ kind: z.enum(['queue', 'topic']), name: z.string() }),
  body: z.string(),
  payload: z.optional(z.string()),
  userProperties: z.record(z.string(), Property),
  messageGroupId: z.optional(z.string()),
  error: z.object({
    name: z.string(),
    code: z.exactOptional(z.string()),
    message: z.string(),
  }),
  issues: z.array(z.object({ path: z.string(), message: z.string() })),
  dequeueCount: z.number(),
  enqueueTime: z.optional(z.number()),
  receivedAt: z.number(),
  traceId: z.optional(z.string()),
});

/** Yields everything in the bucket's quarantine, or what came from one queue, the oldest day first. */
export async function* keptInBucket(
  bucket: OssClient,
  queue?: string,
): AsyncGenerator<KeptMessage> {
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

/** Returns the message id at the end of a key. */
function idOf(key: string): string {
  const last = key.split('/').at(-1) ?? '';
  return decodeURIComponent(last.replace(/\.json$/, ''));
}

async function readEntry(bucket: OssClient, key: string): Promise<QuarantineEntry> {
  const { body } = await bucket.getObject(key);
  return validate(Entry, parseJson(body, `Object "${key}"`), `Object "${key}"`);
}
