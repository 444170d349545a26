/** Requested if an answer repeats keys, since XML cannot hold all of them. */
export const URL_ENCODING = { 'encoding-type': 'url' } as const;

/**
 * Decodes what OSS wrote in that encoding. The official SDKs for Go and Java read a + as a space, the one
 * for Python does not; so a + of the key itself comes as %2B.
 */
export function urlDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
