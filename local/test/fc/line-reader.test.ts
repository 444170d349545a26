import { expect, it } from 'vitest';
import { LineReader } from '#src/fc/line-reader';

function read(...chunks: string[]) {
  const lines: string[] = [];
  const reader = new LineReader((text) => lines.push(text));
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return { lines, reader };
}

it('gives lines wherever the stream was cut, and the last one when it is ended', () => {
  const text = 'first\nsecond';
  for (let cut = 0; cut <= text.length; cut++) {
    const { lines, reader } = read(text.slice(0, cut), text.slice(cut));
    expect(lines).toEqual(['first']);
    reader.endLine();
    reader.endLine();
    expect(lines).toEqual(['first', 'second']);
  }
});

it('keeps no more of a line without end than 32 KB', () => {
  const { lines } = read(...Array<string>(100).fill('é'.repeat(16 * 1024)));
  expect(lines.join('').length).toBeGreaterThan(98 * 16 * 1024);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(32 * 1024);
});
