// OSS's limits, as far as a request is checked against them before it is sent.

/** Maximum UTF-8 bytes of an object's key. */
export const MAX_KEY_BYTES = 1023;
/** Maximum entries on one page of a list. */
export const MAX_PAGE = 1000;
/** Maximum parts of a multipart upload. */
export const MAX_PARTS = 10_000;
/** Minimum bytes of every part but the last. */
export const MIN_PART_BYTES = 100 * 1024;
