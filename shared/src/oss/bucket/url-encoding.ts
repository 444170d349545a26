/** To be asked for where an answer repeats keys: XML cannot hold each of them. */
export const URL_ENCODING = { 'encoding-type': 'url' } as const;

/** What OSS wrote by that encoding, as it was. The official SDKs for Go and Java read a + as a space, that for Python does not: so a + of the key itself comes as %2B. */
export function urlDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
