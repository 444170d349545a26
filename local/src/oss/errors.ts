/** Status and default message of each error code. */
const ERRORS = {
  AccessDenied: [403, 'You have no right to access this object.'],
  AccessForbidden: [
    403,
    'CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource\u2019s CORS spec.',
  ],
  BadRequest: [400, 'Insufficient information.'],
  BucketAlreadyExists: [409, 'The requested bucket name is not available.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty.'],
  CallbackFailed: [203, 'The callback to the application server failed.'],
  CORSRuleBeyondLimit: [400, 'The CORS Rules num is beyond limit.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size.'],
  EntityTooSmall: [400, 'Your proposed upload smaller than the minimum allowed size.'],
  FieldItemTooLong: [400, 'A field of the form is too long.'],
  FileAlreadyExists: [409, 'The object you specified already exists and can not be overwritten.'],
  IncompleteBody: [
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ],
  IncorrectNumberOfFilesInPOSTRequest: [
    400,
    'POST requires exactly one file upload per request: give it as the last field, named file.',
  ],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The OSS Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument.'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidEncryptionAlgorithmError: [
    400,
    'The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.',
  ],
  InvalidLocationConstraint: [400, 'The specified location constraint is not valid.'],
  InvalidObjectState: [403, 'The operation is not valid for the object\u2019s state'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidObjectName: [400, 'The specified object is not valid.'],
  InvalidPart: [
    400,
    'One or more of the specified parts could not be found or the specified entity tag might not have matched the part\u2019s entity tag.',
  ],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidPolicyDocument: [400, 'The content of the form does not meet the policy document.'],
  InvalidRequest: [400, 'The request is not valid.'],
  InvalidRange: [416, 'The requested range cannot be satisfied'],
  InvalidSecurityToken: [403, 'The security token you provided is invalid.'],
  InvalidTargetType: [400, 'The symbolic\u2019s target file type is invalid.'],
  InvalidTag: [400, 'The tag you provided is not valid.'],
  InvalidURI: [400, 'Couldn\u2019t parse the specified URI.'],
  MalformedPOSTRequest: [
    400,
    'The body of your POST request is not well-formed multipart/form-data.',
  ],
  MalformedXML: [
    400,
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingArgument: [400, 'Missing Some Required Arguments.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchBucketPolicy: [404, 'The specified bucket policy does not exist.'],
  NoSuchCORSConfiguration: [404, 'The CORS Configuration does not exist.'],
  NoSuchInventory: [404, 'No Row found in Inventory Table.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchLifecycle: [404, 'No Row found in Lifecycle Table.'],
  NoSuchLiveChannel: [404, 'The specified live channel does not exist.'],
  NoSuchReplicationConfiguration: [
    404,
    'The bucket you specified does not have replication configuration.',
  ],
  NoSuchServerSideEncryptionRule: [404, 'The server side encryption configuration was not found.'],
  NoSuchTransferAccelerationConfiguration: [
    404,
    'The bucket you specified does not have transfer acceleration configuration.',
  ],
  NoSuchUpload: [
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ],
  NoSuchWORMConfiguration: [404, 'The WORM configuration does not exist.'],
  NoSuchWebsiteConfiguration: [404, 'The specified bucket does not have a website configuration.'],
  NotImplemented: [501, 'The local OSS does not implement what the request asks for.'],
  NotModified: [304, 'The object has not been modified.'],
  NotSymlink: [400, 'The object is not symlink.'],
  ObjectNotAppendable: [409, 'The object is not appendable'],
  OperationNotSupported: [400, 'The operation is not supported for this resource.'],
  PartAlreadyExist: [409, 'The part already exists in a sequential upload.'],
  PartNotSequential: [400, 'The parts of a sequential upload have to come in order.'],
  PositionNotEqualToLength: [409, 'Position is not equal to file length'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold.'],
  RepeatedTags: [400, 'Tag keys must be unique.'],
  RequestIsNotMultiPartContent: [
    400,
    'Bucket POST must be of the enclosure-type multipart/form-data.',
  ],
  RestoreAlreadyInProgress: [409, 'The restore operation is in progress.'],
  RequestTimeTooSkewed: [
    403,
    'The difference between the request time and the current time is too large.',
  ],
  SecurityTokenExpired: [403, 'The security token you provided has expired.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  SymlinkTargetNotExist: [404, 'The symlink target object does not exist.'],
  TooManyTags: [400, 'The bucket tags num is beyond limit.'],
  UserKeyMustBeSpecified: [400, 'User key must be specified.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type OssErrorCode = keyof typeof ERRORS;

/** EC numbers that a code always has; others depend on the case. */
const EC: Partial<Record<OssErrorCode, string>> = {
  InvalidAccessKeyId: '0002-00000902',
  MalformedXML: '0015-00000231',
  NoSuchBucket: '0015-00000101',
  NoSuchKey: '0026-00000001',
  NoSuchUpload: '0042-00000002',
  ObjectNotAppendable: '0026-00000017',
  PositionNotEqualToLength: '0026-00000016',
  RequestTimeTooSkewed: '0002-00000504',
  SecurityTokenExpired: '0002-00000007',
  SignatureDoesNotMatch: '0002-00000040',
};

export interface OssErrorOptions extends ErrorOptions {
  message?: string;
  ec?: string;
  /** Further elements of the body, such as ArgumentName; they must not contain a secret. */
  details?: Record<string, string>;
  headers?: Record<string, string>;
}

/** An error as OSS answers it. */
export class OssError extends Error {
  override readonly name = 'OssError';
  readonly code: OssErrorCode;
  readonly status: number;
  readonly ec: string | undefined;
  readonly details: Record<string, string>;
  readonly headers: Record<string, string>;

  constructor(code: OssErrorCode, options: OssErrorOptions = {}) {
    super(options.message ?? ERRORS[code][1], options);
    this.code = code;
    this.status = ERRORS[code][0];
    this.ec = options.ec ?? EC[code];
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }
}

/** Returns an InvalidArgument error that names the argument, its value, and what is expected. */
export function invalidArgument(name: string, value: string, wanted: string): OssError {
  return new OssError('InvalidArgument', {
    message: `${name} is "${value}": ${wanted}`,
    details: { ArgumentName: name, ArgumentValue: value },
  });
}

/** Returns a 501 error that names what was asked for. */
export function notImplemented(what: string): OssError {
  return new OssError('NotImplemented', { message: `The local OSS does not implement ${what}` });
}
