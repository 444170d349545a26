// OSS's limits, as far as a request is checked against them before it is sent.

/** Bytes of UTF-8 of an object's key. */
export const MAX_KEY_BYTES = 1023;
/** Entries on one page of a list. */
export const MAX_PAGE = 1000;
/** Parts of a multipart upload. */
export const MAX_PARTS = 10_000;
/** Bytes of every part but the last. */
export const MIN_PART_BYTES = 100 * 1024;
