import { array, eventObject, object, string, unexpected } from './narrow.ts';

/** One change to an object, from the event of an OSS trigger. */
export interface OssEvent {
  /** `ObjectCreated:PutObject`, without the leading `oss:` of s.yaml. */
  eventName: string;
  /** ISO 8601, UTC, milliseconds. */
  eventTime: string;
  /** Without `oss-`. */
  region: string;
  bucket: string;
  /** As OSS sent it. Whether it is URL-encoded is not documented. */
  key: string;
  /** Bytes. */
  size: number;
  /** Change of the bucket's size in bytes; negative when a larger object was overwritten. */
  deltaSize?: number | undefined;
  eTag: string;
}

/** Parses the event of an OSS trigger with all its entries. Throws an InvalidInputError for anything else. */
export function parseOssEvent(event: Uint8Array): OssEvent[] {
  return array(eventObject(event, 'oss').events, 'oss', 'events').map((entry, index) => {
    const at = `events[${index}]`;
    const fields = object(entry, 'oss', at);
    const oss = object(fields.oss, 'oss', `${at}.oss`);
    const bucket = object(oss.bucket, 'oss', `${at}.oss.bucket`);
    const target = object(oss.object, 'oss', `${at}.oss.object`);
    if (typeof target.size !== 'number')
      throw unexpected('oss', `${at}.oss.object.size`, 'a number');
    return {
      eventName: string(fields, 'eventName', 'oss'),
      eventTime: string(fields, 'eventTime', 'oss'),
      region: string(fields, 'region', 'oss'),
      bucket: string(bucket, 'name', 'oss'),
      key: string(target, 'key', 'oss'),
      size: target.size,
      deltaSize: typeof target.deltaSize === 'number' ? target.deltaSize : undefined,
      eTag: string(target, 'eTag', 'oss'),
    };
  });
}
