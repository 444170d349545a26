/** Both versions in which ali-oss signs, with the option that selects it. */
export const SIGNATURES = [
  ['V4', { authorizationV4: true }],
  ['V1', { authorizationV4: false }],
] as const;

/** A key of which every kind of character must be encoded alike on both sides. */
export const KEY = 'a folder/Ü 日本 +&=?%#\u{1F600}.txt';
