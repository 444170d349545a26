import { AssumeRoleError } from '../../identities/assume-role-error.ts';
import { entityId } from '../../identities/entity-id.ts';
import type { SessionRequest } from '../../identities/session.ts';
import type { TemporaryCredentials } from '../../identities/types.ts';
import { because, OpenApiError } from '../errors.ts';
import { DEFAULT_SESSION_SECONDS, MAX_POLICY_CHARACTERS } from '../limits.ts';
import type { Parameters } from '../parameters.ts';
import type { Answer } from './operation.ts';

const ROLE_ARN = /^acs:ram::(\d+):role\/([\w.-]{1,64})$/;

/**
 * Reads the parameters that every AssumeRole operation has. Throws with STS's code for one that is
 * missing or malformed, and EntityNotExist.Role for another account's role.
 */
export function readSession(parameters: Parameters, accountId: string): SessionRequest {
  const arn = parameters.required('RoleArn');
  const [, account, role] = ROLE_ARN.exec(arn) ?? [];
  if (!account || !role) throw new OpenApiError('InvalidParameter.RoleArn');
  const sessionName = parameters.required('RoleSessionName');
  if (account !== accountId)
    throw new AssumeRoleError(
      'EntityNotExist.Role',
      `The role not exists: ${arn}; the local account is ${accountId}`,
    );
  if (parameters.get('SourceIdentity') !== undefined)
    throw because('NotImplemented', 'SourceIdentity is not supported: leave it out.');
  const policy = parameters.get('Policy');
  if (policy !== undefined && policy.length > MAX_POLICY_CHARACTERS)
    throw new OpenApiError('InvalidParameter.PolicySize');
  return {
    role,
    sessionName,
    durationSeconds: readDuration(parameters),
    ...(policy !== undefined && { policy }),
  };
}

/** Returns the session's identity, and its credential. */
export function sessionAnswer(
  { role, sessionName }: SessionRequest,
  credentials: TemporaryCredentials,
  accountId: string,
): Answer {
  const arn = `acs:ram::${accountId}:role/${role}`;
  return {
    AssumedRoleUser: {
      Arn: `${arn}/${sessionName}`,
      AssumedRoleId: `${entityId(arn)}:${sessionName}`,
    },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      AccessKeySecret: credentials.accessKeySecret,
      SecurityToken: credentials.securityToken,
      Expiration: credentials.expiration,
    },
  };
}

function readDuration(parameters: Parameters): number {
  const text = parameters.get('DurationSeconds');
  if (text === undefined) return DEFAULT_SESSION_SECONDS;
  if (!/^\d{1,9}$/.test(text)) throw new OpenApiError('InvalidParameter.DurationSeconds');
  return Number(text);
}
