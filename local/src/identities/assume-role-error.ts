/** Code and status of STS's errors. */
const STATUS_OF_CODE = {
  'InvalidParameter.DurationSeconds': 400,
  'InvalidParameter.RoleSessionName': 400,
  'InvalidParameter.PolicyGrammar': 400,
  'EntityNotExist.Role': 404,
  NoPermission: 403,
  'AuthenticationFail.NoPermission': 403,
  'AuthenticationFail.OIDCToken.Invalid': 401,
  'AuthenticationFail.OIDCToken.Expired': 401,
  'AuthenticationFail.OIDCToken.IssuerNotMatch': 401,
  'AuthenticationFail.OIDCToken.AudienceNotMatch': 401,
} as const;

export type AssumeRoleCode = keyof typeof STATUS_OF_CODE;

/**
 * AssumeRole or AssumeRoleWithOIDC was refused. The message gives the reason and the remedy; it
 * contains no secret.
 */
export class AssumeRoleError extends Error {
  override readonly name = 'AssumeRoleError';
  readonly code: AssumeRoleCode;
  readonly status: number;

  constructor(code: AssumeRoleCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = STATUS_OF_CODE[code];
  }
}
