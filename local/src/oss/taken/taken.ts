/**
 * What an operation accepts besides the parameters that select it: names, separated by white space.
 */
interface Taken {
  parameters?: string;
  /** `x-oss-*` headers; a name that ends in `-` accepts all that start with it. */
  headers?: string;
}

const LISTING = `prefix delimiter marker max-keys encoding-type start-after continuation-token
  fetch-owner key-marker version-id-marker upload-id-marker max-uploads max-parts part-number-marker`;
const OVERRIDES = `response-content-type response-content-language response-expires
  response-cache-control response-content-disposition response-content-encoding`;
const CALLBACK = {
  parameters: 'callback callback-var',
  headers: 'x-oss-callback x-oss-callback-var',
};
const LIMIT = 'x-oss-traffic-limit';
const OBJECT = 'x-oss-object-acl x-oss-storage-class x-oss-tagging x-oss-meta-';
const ENCRYPTION = 'x-oss-server-side-encryption';
const OVERWRITE = 'x-oss-forbid-overwrite';
const SOURCE = `x-oss-copy-source x-oss-copy-source-if-match x-oss-copy-source-if-none-match
  x-oss-copy-source-if-modified-since x-oss-copy-source-if-unmodified-since`;
/**
 * Headers of a whole upload, given at its initiation; ali-oss repeats them with each part, where
 * OSS ignores them.
 */
const OF_THE_UPLOAD = 'x-oss-object-acl x-oss-tagging x-oss-meta- x-oss-forbid-overwrite';

/**
 * Accepted names by method, level and sub-resource, as operations are selected. An operation that
 * is not here accepts nothing.
 */
export const TAKEN: Readonly<Record<string, Taken>> = {
  'GET service': { parameters: LISTING },
  'PUT bucket': { headers: `x-oss-acl ${ENCRYPTION}` },
  'PUT bucket acl': { headers: 'x-oss-acl' },
  'GET bucket': { parameters: `${LISTING} list-type` },
  'GET bucket list-type': { parameters: LISTING },
  'GET bucket uploads': { parameters: LISTING },
  'GET bucket versions': { parameters: LISTING },
  'GET bucket live': { parameters: LISTING },
  'GET bucket inventory': { parameters: LISTING },
  'POST bucket delete': { parameters: 'encoding-type' },
  'PUT bucket lifecycle': { headers: 'x-oss-allow-same-action-overlap' },

  'PUT object': {
    parameters: `${CALLBACK.parameters} ${LIMIT}`,
    headers: `${OBJECT} ${ENCRYPTION} ${OVERWRITE} ${CALLBACK.headers} ${LIMIT}`,
  },
  'POST object append': {
    parameters: `position ${LIMIT}`,
    headers: `${OBJECT} ${ENCRYPTION} ${LIMIT}`,
  },
  'PUT object symlink': { headers: `${OBJECT} ${OVERWRITE} x-oss-symlink-target` },
  'PUT object x-oss-copy-source': {
    parameters: LIMIT,
    headers: `${SOURCE} ${OBJECT} ${ENCRYPTION} ${OVERWRITE} ${LIMIT}
      x-oss-metadata-directive x-oss-tagging-directive`,
  },
  'GET object': {
    parameters: `${OVERRIDES} ${LIMIT}`,
    headers: `${LIMIT} x-oss-range-behavior`,
  },
  'HEAD object': { parameters: OVERRIDES, headers: 'x-oss-range-behavior' },
  'PUT object acl': { headers: 'x-oss-object-acl' },

  'POST object uploads': {
    parameters: 'encoding-type sequential',
    headers: `${OBJECT} ${ENCRYPTION} ${OVERWRITE}`,
  },
  'PUT object uploadId': {
    parameters: `partNumber ${LIMIT}`,
    headers: `${OF_THE_UPLOAD} ${ENCRYPTION} ${LIMIT}`,
  },
  'PUT object uploadId x-oss-copy-source': {
    parameters: `partNumber ${LIMIT}`,
    headers: `${SOURCE} x-oss-copy-source-range ${OF_THE_UPLOAD} ${ENCRYPTION} ${LIMIT}`,
  },
  'GET object uploadId': { parameters: LISTING },
  'POST object uploadId': {
    parameters: `encoding-type ${CALLBACK.parameters}`,
    headers: `${OF_THE_UPLOAD} x-oss-complete-all ${CALLBACK.headers}`,
  },
};

/** Fields of a form; OSS ignores those that do not begin with x-oss-. */
export const FORM_FIELDS = `${OBJECT} ${ENCRYPTION} ${OVERWRITE} ${LIMIT} x-oss-content-type
  x-oss-security-token x-oss-signature-version x-oss-credential x-oss-date x-oss-expires
  x-oss-signature`;

/** Names that every operation accepts: the signature, and who pays. */
export const OF_ALL: Required<Taken> = {
  parameters: `OSSAccessKeyId Signature Expires security-token x-oss-signature-version
    x-oss-credential x-oss-date x-oss-expires x-oss-additional-headers x-oss-security-token
    x-oss-signature x-oss-access-key-id x-oss-request-payer`,
  headers: `x-oss-date x-oss-security-token x-oss-content-sha256 x-oss-request-payer
    x-oss-user-agent`,
};

/**
 * Operations that accept a version: for a bucket that was never versioned, `null`, which is the
 * object.
 */
export const OF_A_VERSION: ReadonlySet<string> = new Set([
  'GET object',
  'HEAD object',
  'DELETE object',
  'GET object objectMeta',
  'HEAD object objectMeta',
  'GET object acl',
  'PUT object acl',
  'GET object tagging',
  'PUT object tagging',
  'DELETE object tagging',
  'GET object symlink',
  'POST object restore',
]);
