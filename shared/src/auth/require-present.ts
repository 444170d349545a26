import { CredentialsError } from '../errors/errors.ts';
import type { Credentials } from './credentials.ts';

/**
 * Throws a CredentialsError that names the faulty part of a credential: a blank one (`MissingCredentials`),
 * or one with white space or quotes around it (`BrokenCredentials`). Those come from a bad paste and would
 * fail as a wrong signature, or as no signature at all.
 */
export function requirePresent(where: string, values: Record<string, string | undefined>): void {
  const missing = Object.keys(values).filter((name) => !values[name]?.trim());
  if (missing.length > 0)
    throw new CredentialsError(`${where} lacks ${missing.join(', ')}`, {
      code: 'MissingCredentials',
      remedy: 'give every one of them',
    });
  for (const [name, value = ''] of Object.entries(values))
    requireUnpadded(`${where}: ${name}`, value);
}

/**
 * Placeholders that documents, samples and consoles show instead of a value: `<your-access-key-id>`,
 * `YOUR_ACCESS_KEY_ID`, `acs:ram::YOUR_ACCOUNT_ID:…`, `LTA****`, `LTAIxxxxxx`, `LTAI...`, the value's own
 * name, and variables that a shell did not replace.
 */
const PLACEHOLDERS = [
  /^<.*>$|^\[.*\]$|^\{.*\}$/s,
  /<your|^(?:YOUR[_-]|[Yy]our[A-Z_-])|[你您]的/,
  // Within an address or a name of a resource only: `/yourA` may be part of a security token in base64.
  /^\w+:.*[:/](?:YOUR[_-]|[Yy]our[A-Z_-])/,
  /\*{3}|\.{3}|…|^(?:LTAI\w{0,2}|STS\.)?[xX]{3,}$|[xX]{8}/,
  /^%\w+%$|^!\w+!$|^\$(?:env:)?\w+$|^\$[{(].*[)}]$/s,
  /^[A-Z][A-Z\d]*_(?:[A-Z\d]+_)*(?:KEY|SECRET|TOKEN)(?:_[A-Z\d]+)*$/,
  /^access[ _-]?key[ _-]?(?:id|secret)$/i,
];

/** Throws `BrokenCredentials` for a value that is not as the service issued it; `name` names it in the message. */
export function requireUnpadded(name: string, value: string): void {
  const fault =
    (value.trim() === '' && 'holds only white space') ||
    (value.trim() !== value && 'has white space around it') ||
    (/^(["']).*\1$/s.test(value) && 'has quotes around it');
  if (fault) throw broken(`${name} ${fault}`, 'set it again without');
  if (PLACEHOLDERS.some((one) => one.test(value)))
    throw broken(`${name} holds a placeholder`, 'put your own value in its place');
}

function broken(message: string, remedy: string): CredentialsError {
  return new CredentialsError(message, { code: 'BrokenCredentials', remedy });
}

/**
 * Throws, as requirePresent does, for an incomplete credential and for values with white space or quotes
 * around them; the SDKs' own errors for these are unclear.
 */
export function requirePair({ accessKeyId, accessKeySecret, securityToken }: Credentials): void {
  requirePresent('Credential', {
    accessKeyId,
    accessKeySecret,
    ...(securityToken && { securityToken }),
  });
}
