import { AssumeRoleError } from '../../identities/assume-role-error.ts';
import { OIDC_TOKEN_CHARACTERS } from '../limits.ts';
import type { AnonymousOperation } from './operation.ts';
import { readSession, sessionAnswer } from './session.ts';

const PROVIDER_ARN = /^acs:ram::\d+:oidc-provider\/[\w.-]{1,128}$/;

/** STS AssumeRoleWithOIDC: unsigned, the token identifies the caller. */
export const assumeRoleWithOidc: AnonymousOperation = {
  signed: false,
  run({ requestId, parameters, identities, origin }) {
    const provider = parameters.required('OIDCProviderArn');
    const token = parameters.required('OIDCToken');
    const session = readSession(parameters, identities.accountId);
    if (!PROVIDER_ARN.test(provider))
      throw new AssumeRoleError(
        'AuthenticationFail.NoPermission',
        'Parameter OIDCProviderArn is not valid: write it as acs:ram::<account id>:oidc-provider/<name>',
      );
    if (token.length < OIDC_TOKEN_CHARACTERS.min || token.length > OIDC_TOKEN_CHARACTERS.max)
      throw new AssumeRoleError(
        'AuthenticationFail.OIDCToken.Invalid',
        `This JsonWebToken is invalid: it has ${token.length} characters; ${OIDC_TOKEN_CHARACTERS.min} to ${OIDC_TOKEN_CHARACTERS.max} are taken`,
      );
    const { credentials, claims } = identities.assumeRoleWithOidc({
      ...session,
      provider,
      token,
      request: origin,
    });
    return {
      RequestId: requestId,
      ...sessionAnswer(session, credentials, identities.accountId),
      OIDCTokenInfo: {
        Subject: claims.subject,
        Issuer: claims.issuer,
        ClientIds: claims.audiences.join(','),
        ExpirationTime: wholeSeconds(claims.expiresAt),
        ...(claims.issuedAt !== undefined && { IssuanceTime: wholeSeconds(claims.issuedAt) }),
        VerificationInfo: 'Success',
      },
    };
  },
};

function wholeSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
