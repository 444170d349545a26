/** What a name contains that holds a secret: `accessKeySecret`, `x-oss-security-token`, `DB_PASSWORD`, `MPAAS_SK_ENV`. The source of a regular expression, to be matched whatever the case. The list is fc-kit's: a test of the repository holds the two against each other. */
export const SECRET_NAME =
  'secret|(?<![a-z])sk(?![a-z])|token|pass[ _.-]?(?:w|phrase)|credential|signature|authorization|cookie|(?:private|api)[ _.-]?key';

/** What is shown in the place of a secret. */
export const HIDDEN = '(hidden)';

const secretName = new RegExp(SECRET_NAME, 'i');

/** Says whether a variable or a field is named like a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}
