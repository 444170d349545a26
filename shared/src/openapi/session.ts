import { CredentialsError } from '../errors/errors.ts';

/** What a role is assumed with. */
export interface RoleSession {
  /** `acs:ram::<account>:role/<name>`. */
  roleArn: string;
  /** Who it is, in the audit log: 2 to 64 letters, digits and `. @ - _`. Default fc-templates. */
  sessionName?: string | undefined;
  /** A policy document: the session may do what both it and the role's own policies allow. */
  policy?: object | undefined;
  /** 900 to the role's maximum, at most 43200; default 3600. */
  durationSeconds?: number | undefined;
}

/** Seconds of a role session: the limits of STS. */
export const MIN_SESSION_SECONDS = 900;
const MAX_SESSION_SECONDS = 43_200;

/** Refuses what STS would refuse, before a request is made. */
export function checkSession({ roleArn, sessionName, durationSeconds }: RoleSession): void {
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
}
