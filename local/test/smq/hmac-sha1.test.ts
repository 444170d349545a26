import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hmacSha1 } from '#src/smq/hmac-sha1';

/** What Node's own HMAC gives. */
function wanted(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('base64');
}

describe('hmacSha1', () => {
  it('gives the value of RFC 2202, test case 2', () => {
    const hex = Buffer.from(hmacSha1('Jefe', 'what do ya want for nothing?'), 'base64');
    expect(hex.toString('hex')).toBe('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79');
  });

  it("gives what Node's HMAC gives for keys and texts of every length, one after the other", () => {
    for (const keyLength of [0, 1, 20, 21, 30, 44, 63, 64, 65, 100, 5000])
      for (const textLength of [0, 1, 55, 64, 200, 1365, 1366, 4096, 9000]) {
        const [key, text] = ['k'.repeat(keyLength), 't'.repeat(textLength)];
        expect(hmacSha1(key, text)).toBe(wanted(key, text));
      }
  });

  it('counts bytes of UTF-8, in keys and in texts', () => {
    for (const text of ['ü', '队列', '😀'.repeat(300), '队'.repeat(1365), '队'.repeat(1366)]) {
      expect(hmacSha1('secret-1', text)).toBe(wanted('secret-1', text));
      expect(hmacSha1(text, 'text')).toBe(wanted(text, 'text'));
    }
  });

  it('takes the key that is given, used before or not', () => {
    const keys = ['a', 'b', 'a', 'ab', 'a'];
    expect(keys.map((key) => hmacSha1(key, 'long, then short'))).toEqual(
      keys.map((key) => wanted(key, 'long, then short')),
    );
    expect(hmacSha1('a', 'short')).toBe(wanted('a', 'short'));
  });
});
