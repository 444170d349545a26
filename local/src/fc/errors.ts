/**
 * Refusals of the service itself, before a function is reached. A function's own errors are
 * results, not these.
 */
const FC_ERRORS = {
  InvalidArgument: 400,
  EntityTooLarge: 400,
  ExternalRedirectForbidden: 400,
  ApkDownloadForbidden: 400,
  MissingRequiredHeader: 400,
  AsyncEventTooOld: 400,
  AccessDenied: 403,
  InvalidAccessKeyID: 403,
  SignatureNotMatch: 403,
  SignatureNonceUsed: 403,
  RequestTimeTooSkewed: 403,
  InvalidSecurityToken: 403,
  SecurityTokenExpired: 403,
  PathNotSupported: 404,
  AliasNotFound: 404,
  VersionNotFound: 404,
  FunctionNotFound: 404,
  TriggerNotFound: 404,
  InternalServerError: 500,
  NotImplemented: 501,
  BadResponse: 502,
  ServiceUnavailable: 503,
} as const;

/** Version of the invocation API: 3.0 or 2.0. */
export type ApiVersion = '2023-03-30' | '2016-08-15';

export type FcErrorCode = keyof typeof FC_ERRORS;

export class FcError extends Error {
  override readonly name = 'FcError';
  readonly code: FcErrorCode;
  readonly status: number;

  constructor(code: FcErrorCode, message: string) {
    super(message);
    this.code = code;
    this.status = FC_ERRORS[code];
  }

  /** Returns the answer's body, as the 3.0 or the 2.0 API writes it. */
  body(requestId: string, version: ApiVersion = '2023-03-30'): string {
    const fields =
      version === '2016-08-15'
        ? { ErrorCode: this.code, ErrorMessage: this.message }
        : { RequestId: requestId, Code: this.code, Message: this.message };
    return JSON.stringify(fields);
  }
}
