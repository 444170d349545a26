import { CredentialsError } from '../errors/errors.ts';

/** What a role is assumed with. */
export interface RoleSession {
  /** `acs:ram::<account>:role/<name>`. */
  roleArn: string;
  /** Name of the session in the audit log: 2 to 64 letters, digits and `. @ - _`. Default fc-templates. */
  sessionName?: string | undefined;
  /**
   * A policy document, as an object or as JSON text: the session may do only what both it and the role's
   * own policies allow.
   */
  policy?: object | string | undefined;
  /** 900 to the role's maximum, at most 43200; default 3600. */
  durationSeconds?: number | undefined;
}

/** Seconds of a role session: the limits of STS. */
export const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;
/** Maximum characters of a session policy's JSON, as STS counts them. */
export const MAX_POLICY_CHARACTERS = 2048;

/**
 * Throws, before a request is made, for what STS would refuse: `InvalidRoleArn`, `InvalidSessionName`,
 * `InvalidDuration`, `InvalidPolicy`.
 */
export function checkSession({ roleArn, sessionName, durationSeconds, policy }: RoleSession): void {
  if (!/^acs:ram::\d+:role\/[\w.@-]{1,64}$/.test(roleArn))
    throw new CredentialsError(`Role ARN is "${roleArn}"`, {
      code: 'InvalidRoleArn',
      remedy: 'give acs:ram::<account id>:role/<role name>',
    });
  if (sessionName !== undefined && !/^[\w.@-]{2,64}$/.test(sessionName))
    throw new CredentialsError(`Role session name is "${sessionName}"`, {
      code: 'InvalidSessionName',
      remedy: 'give 2 to 64 letters, digits and . @ - _',
    });
  const seconds = durationSeconds ?? MIN_SESSION_SECONDS;
  if (!Number.isInteger(seconds) || seconds < MIN_SESSION_SECONDS || seconds > MAX_SESSION_SECONDS)
    throw new CredentialsError(`Duration is ${seconds} seconds`, {
      code: 'InvalidDuration',
      remedy: `give a whole number from ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`,
    });
  policyText(policy);
}

/**
 * Returns a session policy as STS takes it: JSON, encoded once. Throws a CredentialsError (`InvalidPolicy`)
 * unless it is a JSON object.
 */
export function policyText(policy: RoleSession['policy']): string | undefined {
  if (policy === undefined) return undefined;
  const document = typeof policy === 'string' ? parsed(policy) : policy;
  if (typeof document === 'object' && document !== null && !Array.isArray(document))
    return JSON.stringify(document);
  throw new CredentialsError('Session policy is not a JSON object', {
    code: 'InvalidPolicy',
    remedy: 'give {"Version": "1", "Statement": […]} as an object or as JSON text, encoded once',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
