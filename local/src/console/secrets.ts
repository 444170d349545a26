import { HIDDEN, isSecretName, SECRET_NAME } from '../secrets.ts';

/** The characters of a value, escaped ones too, up to its closing quote: `\1` is the backslashes in front of each quote. */
const VALUE = String.raw`(?:[^"\\]+|\\+[^"\\]|(?:\1\\\1\\)+(?=\1")|(?:\1\\\1\\)*\1\\\1")*`;

/** `"accessKeySecret":"…"`, also inside a string of JSON, where quotes have backslashes in front. Names are bounded so that the time is linear in the text. */
const SECRET_FIELD = new RegExp(
  String.raw`(?<!\\)(\\*)"([\w-]{0,99}(?:${SECRET_NAME})[\w-]{0,99})\1"(\s*:\s*)\1"${VALUE}`,
  'gi',
);
const SECRET_PARAMETER = /([?&](?:x-oss-)?(?:security-token|signature)=)[^&\s"'\\]+/gi;

/** A variable's value: hidden when it is named like a secret, without the password when it is an address with one. */
export function shownVariable(name: string, value: string): string {
  if (isSecretName(name)) return HIDDEN;
  return value.replace(/(\/\/[^/@\s:]*:)[^/@\s]+@/, `$1${HIDDEN}@`);
}

/** What a function took, gave or printed, without the values of fields and parameters that are named like secrets. */
export function withoutSecrets(text: string): string {
  return text
    .replace(SECRET_FIELD, `$1"$2$1"$3$1"${HIDDEN}`)
    .replace(SECRET_PARAMETER, `$1${HIDDEN}`);
}
