// SMQ's limits, as far as a request is checked against them before it is sent.

/** Maximum messages of one batch request: sent, received, peeked at or deleted. */
export const MAX_BATCH = 16;
/** Maximum bytes of a body as escaped UTF-8, and of a batch's bodies together. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Minimum bytes of the body limit that a queue or topic can be set to. */
export const MIN_BODY_LIMIT_BYTES = 1024;
/**
 * Maximum bytes of an answer. Sixteen messages of 64 KB with 50 properties of 4,096 characters, all of it
 * escaped, stay below it.
 */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Maximum characters of a queue's, topic's or subscription's name. */
export const MAX_NAME_LENGTH = 120;
/** Maximum characters of a filter tag. */
export const MAX_TAG_LENGTH = 16;
/** Maximum user properties of one message. */
export const MAX_USER_PROPERTIES = 50;
/**
 * Maximum characters of a user property's name, and of its value as text (bytes as base64): page
 * message-properties, 2025-11-17.
 */
export const MAX_PROPERTY_NAME_LENGTH = 256;
export const MAX_PROPERTY_VALUE_LENGTH = 4096;
/** The priority that is served last; 1 is served first. */
export const MAX_PRIORITY = 16;
/** Limits of a lease, in seconds. */
export const MIN_VISIBILITY_SECONDS = 1;
export const MAX_VISIBILITY_SECONDS = 43_200;
/** Maximum seconds that a receive waits for a message. */
export const MAX_WAIT_SECONDS = 30;
/** Maximum seconds that a message is delayed. */
export const MAX_DELAY_SECONDS = 604_800;
/** Limits of how long a message is kept, in seconds. */
export const MIN_RETENTION_SECONDS = 60;
export const MAX_RETENTION_SECONDS = 604_800;
/** Maximum names on one page of a list. */
export const MAX_PAGE = 1000;
