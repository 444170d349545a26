import { LocalCloudError } from '../errors.ts';
import { AssumeRoleError } from './assume-role-error.ts';
import { MIN_SESSION_SECONDS } from './limits.ts';
import { type Policy, parsePolicy } from './policy.ts';
import type { Role } from './role.ts';
import type { AccessKey, AccessRequest, Decision } from './types.ts';

const SESSION_NAME = /^[A-Za-z0-9.@_-]{2,64}$/;

/** Properties of a requested session, whoever requests it. */
export interface SessionRequest {
  role: string;
  sessionName: string;
  durationSeconds: number;
  /** A policy document; the session may do only what both it and the role's own policies allow. */
  policy?: unknown;
}

export interface HolderOfKey {
  key: AccessKey;
  request?: Partial<AccessRequest>;
  /** Called with the decision of the policies of the key's holder. */
  onDecision?(asked: AccessRequest, decision: Decision): void;
}

export interface AssumeRoleRequest extends SessionRequest {
  /** The caller: a service by name (default FC), or the holder of a key. */
  by?: { service: string } | HolderOfKey;
}

export interface AssumeRoleWithOidcRequest extends SessionRequest {
  /** ARN of the identity provider. */
  provider: string;
  /** The JWT as the provider issued it. */
  token: string;
  request?: Partial<AccessRequest>;
}

/** Throws AssumeRoleError for a name that no session can have. */
export function checkSessionName({ sessionName }: SessionRequest): void {
  if (SESSION_NAME.test(sessionName)) return;
  throw new AssumeRoleError(
    'InvalidParameter.RoleSessionName',
    `The parameter RoleSessionName is wrongly formed: it is "${sessionName}"; use 2 to 64 letters, digits and . @ - _`,
  );
}

/** Throws AssumeRoleError for a session shorter than any, or longer than `longest` seconds. */
export function checkDuration(role: Role, seconds: number, longest: number): void {
  if (Number.isInteger(seconds) && seconds >= MIN_SESSION_SECONDS && seconds <= longest) return;
  throw new AssumeRoleError(
    'InvalidParameter.DurationSeconds',
    `DurationSeconds is ${seconds}: give ${MIN_SESSION_SECONDS} to ${longest}, the most that role "${role.name}" allows`,
  );
}

/**
 * Returns the policy that a session asks for, or undefined. Throws AssumeRoleError where it is none.
 */
export function sessionPolicy({ role, policy }: SessionRequest): Policy | undefined {
  if (policy === undefined) return undefined;
  try {
    return parsePolicy('session policy', policy, `Role "${role}"`);
  } catch (cause) {
    if (!(cause instanceof LocalCloudError)) throw cause;
    throw new AssumeRoleError(
      'InvalidParameter.PolicyGrammar',
      `The parameter Policy has not passed grammar check. ${cause.message}: ${cause.remedy}`,
      { cause },
    );
  }
}
