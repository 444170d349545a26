/** Both versions in which ali-oss signs, with the option that chooses it. */
export const SIGNATURES = [
  ['V4', { authorizationV4: true }],
  ['V1', { authorizationV4: false }],
] as const;

/** A key whose every kind of character has to be encoded alike on both sides. */
export const KEY = 'a folder/Ü 日本 +&=?%#\u{1F600}.txt';
