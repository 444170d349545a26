import { checkHeaderValue } from '../../oss/properties.ts';
import { MESSAGE_SIZE, PRIORITY } from '../../smq/limits.ts';
import { PROPERTY_TYPES } from '../../smq/properties.ts';
import type { StateRecord } from './format.ts';

/** Whether a value of a file can be what a field is. */
type Shape = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Shape>>;

/** Milliseconds since the epoch: as much later again is a date still. */
const MAX_TIME = 4e15;

const text: Shape = (value) => typeof value === 'string';
const flag: Shape = (value) => typeof value === 'boolean';
const number: Shape = (value) => Number.isFinite(value);
export const isTime: Shape = (value) =>
  typeof value === 'number' && value >= 0 && value <= MAX_TIME;
const whole =
  (min: number, max: number = Number.MAX_SAFE_INTEGER): Shape =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
const like =
  (pattern: RegExp): Shape =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const oneOf =
  (...values: unknown[]): Shape =>
  (value) =>
    values.includes(value);
const maybe =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const fields =
  (shapes: Fields): Shape =>
  (value) =>
    isRecord(value) && Object.entries(shapes).every(([name, shape]) => shape(value[name]));
const either =
  (...shapes: Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => shape(value));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const body: Shape = (value) =>
  typeof value === 'string' && Buffer.byteLength(value) <= MESSAGE_SIZE.max;
const properties = maybe(list(fields({ name: text, value: text, type: oneOf(...PROPERTY_TYPES) })));
const tags = list((value) => list(text)(value) && (value as unknown[]).length === 2);
const acl = ['private', 'public-read', 'public-read-write'];
const storageClass = oneOf('Standard', 'IA', 'Archive');
const age = maybe(either(fields({ days: whole(1) }), fields({ createdBefore: isTime })));

/** Names and values as a header takes them. */
const headers: Shape = (value) => isRecord(value) && Object.entries(value).every(isHeader);

function isHeader([name, value]: [string, unknown]): boolean {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || typeof value !== 'string') return false;
  try {
    checkHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** What each kind of record has; ranges of what the services set themselves are theirs to check. */
export const SHAPES: Readonly<Record<StateRecord['kind'], Fields>> = {
  queue: {
    name: text,
    queueType: text,
    delaySeconds: number,
    maximumMessageSize: number,
    messageRetentionPeriod: number,
    visibilityTimeout: number,
    pollingWaitSeconds: number,
    loggingEnabled: flag,
    deadLetter: maybe(fields({ queue: text, maxReceiveCount: number })),
  },
  topic: {
    name: text,
    topicType: text,
    maximumMessageSize: number,
    loggingEnabled: maybe(flag),
  },
  subscription: {
    topic: text,
    name: text,
    endpoint: text,
    notifyStrategy: text,
    notifyContentFormat: text,
    filterTag: maybe(text),
    deadLetterQueue: maybe(text),
  },
  message: {
    queue: text,
    id: like(/^[\w-]{1,100}$/),
    body,
    priority: whole(PRIORITY.min, PRIORITY.max),
    enqueueTime: isTime,
    dequeueCount: whole(0),
    visibleAt: isTime,
    userProperties: properties,
    systemProperties: properties,
    groupId: maybe(text),
    deadLetterOf: maybe(text),
  },
  bucket: {
    name: text,
    acl: oneOf(...acl),
    storageClass,
    created: isTime,
    cors: maybe(
      fields({
        rules: list(
          fields({
            allowedOrigins: list(text),
            allowedMethods: list(text),
            allowedHeaders: list(text),
            exposeHeaders: list(text),
            maxAgeSeconds: maybe(whole(0)),
          }),
        ),
        responseVary: flag,
      }),
    ),
    lifecycle: maybe(
      list(
        fields({
          id: text,
          prefix: text,
          enabled: flag,
          tags,
          expiration: age,
          abortMultipartUpload: age,
        }),
      ),
    ),
    redundancy: maybe(oneOf('LRS', 'ZRS')),
    encryption: maybe(oneOf('AES256')),
    tags: maybe(tags),
    blockPublicAccess: maybe(flag),
  },
  object: {
    bucket: text,
    key: text,
    type: oneOf('Normal', 'Multipart', 'Appendable', 'Symlink'),
    size: whole(0),
    eTag: like(/^[\dA-F-]{1,60}$/),
    crc64: like(/^\d{1,20}$/),
    lastModified: isTime,
    headers,
    meta: headers,
    acl: oneOf('default', ...acl),
    storageClass,
    tags,
    target: maybe(text),
    restored: maybe(fields({ ready: isTime, expires: isTime })),
    hidden: maybe(flag),
  },
  content: { data: text },
};
