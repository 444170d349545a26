import { describe, expect, it } from 'vitest';
import { equalInConstantTime } from '#src/equal-in-constant-time';

describe('equalInConstantTime', () => {
  it('is true for the same text only', () => {
    for (const text of ['', 'a', 'OESyPS/Rfc+5pDfrxmGPRCP7epY=', 'ü队😀'])
      expect(equalInConstantTime(text, `${text}`)).toBe(true);
  });

  it('sees a difference in each place, in length and beyond the first byte of a character', () => {
    const wanted = 'abcdefgh';
    for (let i = 0; i < wanted.length; i++)
      expect(equalInConstantTime(`${wanted.slice(0, i)}X${wanted.slice(i + 1)}`, wanted)).toBe(
        false,
      );
    expect(equalInConstantTime('abcdefg', wanted)).toBe(false);
    expect(equalInConstantTime('abcdefghi', wanted)).toBe(false);
    expect(equalInConstantTime('', wanted)).toBe(false);
    expect(equalInConstantTime('\u0161', 'a')).toBe(false);
  });
});
