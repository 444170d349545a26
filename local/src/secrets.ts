/**
 * Matches the name of a secret: `accessKeySecret`, `x-oss-security-token`, `DB_PASSWORD`,
 * `MPAAS_SK_ENV`. The source of a regular expression, to be matched in any case. The list is
 * fc-kit's: a test of the repository compares the two.
 */
export const SECRET_NAME =
  'secret|(?<![a-z])sk(?![a-z])|token|pass[ _.-]?(?:w|phrase)|credential|signature|authorization|cookie|(?:private|api)[ _.-]?key';

/** Shown in place of a secret. */
export const HIDDEN = '(hidden)';

const secretName = new RegExp(SECRET_NAME, 'i');

/** Returns whether a variable or a field is named like a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
