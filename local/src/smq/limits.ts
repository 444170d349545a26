import type { Range } from './errors.ts';

/** Whole HTTP body in bytes: 64 KB of text, each character written as a six-byte escape, and room for properties. */
export const BODY_LIMIT = 1024 * 1024;
/** How far a request's date may be from the server's, in milliseconds. */
export const DATE_SKEW_MS = 15 * 60 * 1000;
/** Total of the message bodies of one BatchSendMessage, in bytes. */
export const BATCH_BODY_LIMIT = 64 * 1024;
export const BATCH_SIZE: Range = { low: 1, high: 16 };
export const PAGE_SIZE: Range = { low: 1, high: 1000 };
export const PRIORITY: Range = { low: 1, high: 16 };
export const DEFAULT_PRIORITY = 8;
export const DELAY_SECONDS: Range = { low: 0, high: 604_800, unit: 'seconds' };
export const WAIT_SECONDS: Range = { low: 0, high: 30, unit: 'seconds' };
export const VISIBILITY_TIMEOUT: Range = { low: 1, high: 43_200, unit: 'seconds' };
export const RETENTION_PERIOD: Range = { low: 60, high: 604_800, unit: 'seconds' };
export const MESSAGE_SIZE: Range = { low: 1024, high: 65_536, unit: 'bytes' };
export const MAX_RECEIVE_COUNT: Range = { low: 1, high: 1000 };
export const MAX_PROPERTIES = 50;
/** Characters in a FilterTag or MessageTag. */
export const TAG_LENGTH = 16;
export const QUEUE_NAME_LENGTH = 120;
export const TOPIC_NAME_LENGTH = 255;
export const SUBSCRIPTION_NAME_LENGTH = 255;
/** Seconds a topic keeps a message; fixed by the service. */
export const TOPIC_RETENTION_PERIOD = 86_400;
/** Milliseconds a client may take to send its headers, and its whole request. */
export const HEADERS_TIMEOUT_MS = 20_000;
export const REQUEST_TIMEOUT_MS = 60_000;
/** Receivers that may wait at one queue at the same time, unless told otherwise; the real service's number is not documented. */
export const LONG_POLLS = 1000;
