/** What the service itself refuses, before a function is reached. A function's own errors are results, not these. */
export const FC_ERRORS = {
  InvalidArgument: 400,
  EntityTooLarge: 400,
  FunctionNotFound: 404,
  TriggerNotFound: 404,
  MethodNotAllowed: 405,
  InternalServerError: 500,
  NotImplemented: 501,
  ServiceUnavailable: 503,
} as const;

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

  /** Body of the answer, as the 3.0 API writes it. */
  body(requestId: string): string {
    return JSON.stringify({ RequestId: requestId, Code: this.code, Message: this.message });
  }
}
