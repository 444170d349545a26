const KIB = 1024;
const GIB = 1024 ** 3;

/** Bytes of UTF-8. */
export const OBJECT_KEY_BYTES = 1023;
export const BUCKET_NAME_CHARACTERS = { least: 3, most: 63 };
/** Names and values of all `x-oss-meta-*` together. */
export const USER_METADATA_BYTES = 8 * KIB;

/** One put, one part or one copied part. */
export const UPLOAD_BYTES = 5 * GIB;
/** Every part but the last. */
export const SMALLEST_PART_BYTES = 100 * KIB;
export const HIGHEST_PART_NUMBER = 10_000;

export const LISTED = { byDefault: 100, most: 1000 };
export const PARTS_LISTED = { byDefault: 1000, most: 1000 };
export const KEYS_A_MULTI_DELETE = 1000;

export const CORS = { rules: 20, longestMaxAgeSeconds: 999_999_999 };
export const LIFECYCLE_RULES = 1000;

export const TAGS = { most: 10, keyCharacters: 128, valueCharacters: 256 };

/** The body of a request that is XML: the parts of the largest upload, or the keys of a multi-delete, escaped. */
export const XML_BODY_BYTES = 4 * KIB * KIB;

/** How far a request's date may be from the server's. */
export const CLOCK_SKEW_MS = 15 * 60_000;
/** Seconds that a signed URL or form of version 4 may be valid. */
export const LONGEST_SIGNED_URL_S = 7 * 24 * 60 * 60;

/** A form: the head of a part, and the value of a field that is not the file. */
export const FORM = { headBytes: 8 * KIB, fieldBytes: 64 * KIB };
