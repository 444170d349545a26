/**
 * oss-event-handler: writes a record of each object that is stored under a prefix.
 *
 * Trigger   OSS, objects created under uploads/ (s.yaml: oss-event-handler)
 * Run here  npm start, then store an object there, by any SDK
 * Change    what is made of an object; the prefixes, in s.yaml
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/oss-triggers
 *
 * Events come at least once and in any order: the output is a function of the object as it is now, so
 * a second delivery writes the same. If one event of several fails, all are delivered again.
 */

import type { OssEvent } from '#shared/events';
import { environment, type Invocation, ossHandler } from '#shared/handler';
import { checkOutputPrefix, derivedKey, eventObject, ossClient } from '#shared/oss';

export const handler = ossHandler(async (events, invocation) => {
  const { INPUT_PREFIX, OUTPUT_PREFIX } = environment(['INPUT_PREFIX', 'OUTPUT_PREFIX']);
  checkOutputPrefix(INPUT_PREFIX, OUTPUT_PREFIX);

  const outcomes = await Promise.allSettled(
    events.map((event) => record(event, INPUT_PREFIX, OUTPUT_PREFIX, invocation)),
  );
  const errors = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const error of errors.slice(1)) invocation.log.error({ error }, 'Event failed too');
  if (errors.length > 0) throw errors[0];
  return { events: events.length };
});

async function record(
  event: OssEvent,
  input: string,
  output: string,
  { context, log }: Invocation,
): Promise<void> {
  const bucket = ossClient(context, { bucket: event.bucket });
  const object = await eventObject(bucket, event, input);
  if (!object) return log.warn({ key: event.key }, 'Object is gone, or not under INPUT_PREFIX');

  const { key, size, eTag, contentType, crc64 } = object;
  const outputKey = derivedKey(output, key.slice(input.length), '.json');
  const body = JSON.stringify({ key, size, eTag, contentType, crc64 });
  await bucket.putObject(outputKey, body, { contentType: 'application/json' });
  log.info({ key, outputKey }, 'Wrote record');
}
