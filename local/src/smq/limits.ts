/** Whole numbers from `min` to `max`, both included. */
export interface Range {
  min: number;
  max: number;
  unit?: 'seconds' | 'bytes';
}

/**
 * Maximum HTTP body in bytes: 64 KB of text, each character written as a six-byte escape, and room
 * for properties.
 */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Maximum difference between a request's date and the server's, in milliseconds. */
export const MAX_DATE_SKEW_MS = 15 * 60 * 1000;
/** Total of the message bodies of one BatchSendMessage, in bytes. */
export const MAX_BATCH_BODY_BYTES = 64 * 1024;
/** Number of messages in one batch: sent, received, peeked at or deleted. */
export const BATCH_SIZE: Range = { min: 1, max: 16 };
export const PAGE_SIZE: Range = { min: 1, max: 1000 };
export const PRIORITY: Range = { min: 1, max: 16 };
export const DEFAULT_PRIORITY = 8;
export const DELAY_SECONDS: Range = { min: 0, max: 604_800, unit: 'seconds' };
export const WAIT_SECONDS: Range = { min: 0, max: 30, unit: 'seconds' };
export const VISIBILITY_TIMEOUT: Range = { min: 1, max: 43_200, unit: 'seconds' };
export const RETENTION_PERIOD: Range = { min: 60, max: 604_800, unit: 'seconds' };
export const MESSAGE_SIZE: Range = { min: 1024, max: 65_536, unit: 'bytes' };
/** How often a message is received before it goes to a dead-letter queue. */
export const MAX_RECEIVE_COUNT: Range = { min: 1, max: 1000 };
export const MAX_PROPERTIES = 50;
/** Characters in the name and in the value of a property. */
export const MAX_PROPERTY_NAME_CHARACTERS = 256;
export const MAX_PROPERTY_VALUE_CHARACTERS = 4096;
/**
 * Characters in a MessageGroupId; the real service's limit is not documented, an official SDK's
 * tests use 1000.
 */
export const MAX_GROUP_ID_CHARACTERS = 1024;
/** Characters in a FilterTag or MessageTag. */
export const MAX_TAG_CHARACTERS = 16;
/** Characters in the name of a queue, a topic or a subscription. */
export const MAX_NAME_CHARACTERS = 120;
/** Characters of the name of a queue, a topic or a subscription. */
export const RESOURCE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
/** Subscriptions of one topic. */
export const MAX_SUBSCRIPTIONS = 100;
/** Seconds that a topic keeps a message; fixed by the service. */
export const TOPIC_RETENTION_PERIOD = 86_400;
/** Receivers that may wait at one queue at the same time, unless the options say otherwise; the real service's number is not documented. */
export const MAX_LONG_POLLS = 1000;
