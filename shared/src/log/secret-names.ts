/**
 * Parts of the names of fields and variables that hold secrets: `accessKeySecret`, `x-oss-security-token`,
 * `DB_PASSWORD`, `set-cookie`, `x-api-key`, `MPAAS_SK_ENV`. The source of a regular expression, to be
 * matched in any case. Used by the logs, and wherever else a function's input or output is shown.
 */
export const SECRET_NAME =
  'secret|(?<![a-z])sk(?![a-z])|token|pass[ _.-]?(?:w|phrase)|credential|signature|authorization|cookie|(?:private|api)[ _.-]?key';

const secretName = new RegExp(SECRET_NAME, 'i');
/** Fields among secrets that say whose they are and until when. */
const openName = /^(?:access[ _.-]?key[ _.-]?id|expir\w*)$/i;

/** Returns whether a field or a variable is named like a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Returns whether a field is shown even inside one that is named like a secret. */
export function isOpenName(name: string): boolean {
  return openName.test(name);
}
