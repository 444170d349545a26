const KIB = 1024;
const GIB = 1024 ** 3;

/** Bytes of UTF-8. */
export const MAX_OBJECT_KEY_BYTES = 1023;
export const BUCKET_NAME_CHARACTERS = { min: 3, max: 63 };
/** Names and values of all `x-oss-meta-*` together. */
export const MAX_USER_METADATA_BYTES = 8 * KIB;

/** Limit of one put, one part or one copied part. */
export const MAX_UPLOAD_BYTES = 5 * GIB;
/** Minimum of every part but the last. */
export const MIN_PART_BYTES = 100 * KIB;
export const MAX_PART_NUMBER = 10_000;

/** Bits per second to which one request may be limited. */
export const TRAFFIC_LIMIT = { min: 819_200, max: 838_860_800 };

/** Entries of one page of a list. */
export const PAGE_SIZE = { byDefault: 100, max: 1000 };
export const PARTS_PAGE_SIZE = { byDefault: 1000, max: 1000 };
export const MAX_MULTI_DELETE_KEYS = 1000;

/** Minimum billed size of an object of each class, in bytes. */
export const MIN_BILLED_BYTES = { Standard: 0, IA: 64 * KIB, Archive: 64 * KIB };

/** Days that a restored object stays readable. */
export const RESTORED_DAYS = { byDefault: 1, min: 1, max: 7 };
/** Time that a restore takes: OSS states about a minute for the class Archive. */
export const RESTORING_MS = 60_000;

export const MAX_CORS_RULES = 20;
export const MAX_CORS_MAX_AGE_SECONDS = 999_999_999;
export const MAX_LIFECYCLE_RULES = 1000;
export const MAX_LIFECYCLE_DAYS = 999_999_999;

/** Tags of one object. */
export const MAX_TAGS = 10;
/** Tags of one bucket. */
export const MAX_BUCKET_TAGS = 20;
export const MAX_BUCKET_TAG_CHARACTERS = { key: 64, value: 128 };
export const MAX_TAG_KEY_CHARACTERS = 128;
export const MAX_TAG_VALUE_CHARACTERS = 256;

/**
 * Maximum XML request body, by its root element. DeleteMultipleObjects documents it; 10,000 parts
 * or 1000 rules fit as well.
 */
export const MAX_XML_BODY_BYTES: Readonly<Record<string, number>> & { otherwise: number } = {
  Delete: 2 * KIB * KIB,
  CompleteMultipartUpload: 2 * KIB * KIB,
  LifecycleConfiguration: 2 * KIB * KIB,
  otherwise: 64 * KIB,
};

/** Maximum difference between a request's date and the server's. */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;
/** Maximum validity of a signed URL or form of version 4, in seconds. */
export const MAX_SIGNED_URL_SECONDS = 7 * 24 * 60 * 60;

/** Maximum head of one part of a form. */
export const MAX_FORM_HEAD_BYTES = 8 * KIB;
/** Maximum value of a form field other than the file. */
export const MAX_FORM_FIELD_BYTES = 64 * KIB;
