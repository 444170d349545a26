/**
 * What a name contains that holds a secret: `accessKeySecret`, `x-oss-security-token`, `DB_PASSWORD`,
 * `set-cookie`, `x-api-key`, `MPAAS_SK_ENV`. The source of a regular expression, to be matched whatever the case.
 * The logs hide by it, and whatever else shows what a function took or gave.
 */
export const SECRET_NAME =
  'secret|(?<![a-z])sk(?![a-z])|token|pass[ _.-]?(?:w|phrase)|credential|signature|authorization|cookie|(?:private|api)[ _.-]?key';

const secretName = new RegExp(SECRET_NAME, 'i');
/** Among secrets, what says whose they are and until when. */
const openName = /^(?:access[ _.-]?key[ _.-]?id|expir\w*)$/i;

/** Says whether a field or a variable is named like a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Says whether a field is shown even inside one that is named like a secret. */
export function isOpenName(name: string): boolean {
  return openName.test(name);
}
