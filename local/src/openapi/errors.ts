import { AssumeRoleError } from '../identities/assume-role-error.ts';

interface ErrorKind {
  status: number;
  message: string;
}

/** Codes and messages as sent; SDKs and retries match on the codes. */
export const ERRORS = {
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to Aliyun standards.',
  },
  InvalidSignatureMethod: { status: 400, message: 'Specified signature method is not valid.' },
  SignatureDoesNotMatch: {
    status: 400,
    message: 'Specified signature does not match our calculation.',
  },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  'InvalidTimeStamp.Expired': {
    status: 400,
    message: 'Specified time stamp or date value is expired.',
  },
  'InvalidSecurityToken.Expired': { status: 400, message: 'Specified SecurityToken is expired.' },
  'InvalidSecurityToken.Malformed': {
    status: 400,
    message: 'Specified SecurityToken is malformed.',
  },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'Specified SecurityToken does not match the AccessKey.',
  },
  InvalidVersion: { status: 400, message: 'Specified parameter Version is not valid.' },
  'InvalidAction.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  UnsupportedHTTPMethod: { status: 405, message: 'This http method is not supported.' },
  InvalidParameter: { status: 400, message: 'A parameter is not valid.' },
  'InvalidParameter.Format': {
    status: 400,
    message: 'Specified parameter Format is not valid: give JSON or XML.',
  },
  'InvalidParameter.ContentType': {
    status: 400,
    message:
      'The ContentType request header must be "application/x-www-form-urlencoded"; the local cloud reads no other.',
  },
  'InvalidParameter.RoleArn': {
    status: 400,
    message:
      'The parameter RoleArn is wrongly formed: write it as acs:ram::<account id>:role/<name>.',
  },
  'InvalidParameter.DurationSeconds': {
    status: 400,
    message: 'The parameter DurationSeconds is wrongly formed: give a whole number of seconds.',
  },
  'InvalidParameter.PolicySize': {
    status: 400,
    message: 'The size of Policy must be smaller than 2048 bytes.',
  },
  'InvalidParameter.ExternalId': {
    status: 400,
    message: 'The parameter ExternalId is wrongly formed.',
  },
  RequestTooLarge: { status: 413, message: 'The request is larger than 1 MB.' },
  NoPermission: {
    status: 403,
    message: 'You are not authorized to do this action. You should be authorized by RAM.',
  },
  InternalError: { status: 500, message: 'The local cloud met an internal error.' },
  NotImplemented: {
    status: 501,
    message: 'The local cloud does not implement this operation.',
  },
} as const satisfies Record<string, ErrorKind>;

export type OpenApiErrorCode = keyof typeof ERRORS;

interface WireError extends ErrorKind {
  code: string;
}

/**
 * A refusal in the gateway's own terms, answered by the edge as status, Code and Message. It never
 * contains a secret.
 */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError';
  readonly code: string;
  readonly status: number;

  constructor(kind: OpenApiErrorCode | WireError, message?: string, options?: ErrorOptions) {
    const wire = typeof kind === 'string' ? { code: kind, ...ERRORS[kind] } : kind;
    super(message ?? wire.message, options);
    this.code = wire.code;
    this.status = wire.status;
  }
}

/** Returns `Missing<name>`, the gateway's error for a parameter, or for a missing `header`. */
export function missing(name: string, header = name): OpenApiError {
  return new OpenApiError({
    code: `Missing${name}`,
    status: 400,
    message: `${header} is mandatory for this action.`,
  });
}

/** Returns a refusal with the table's code, and the reason after the table's message. */
export function because(code: OpenApiErrorCode, reason: string): OpenApiError {
  return new OpenApiError(code, `${ERRORS[code].message} ${reason}`);
}

/**
 * Converts a caught value to the client's error: its own code, or InternalError for anything
 * unforeseen.
 */
export function toOpenApiError(error: unknown): OpenApiError {
  if (error instanceof OpenApiError) return error;
  if (!(error instanceof AssumeRoleError))
    return new OpenApiError('InternalError', undefined, { cause: error });
  if (error.code === 'NoPermission') return because('NoPermission', error.message);
  return new OpenApiError(error, undefined, { cause: error });
}
