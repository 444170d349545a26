import { expect, it } from 'vitest';
import { LineReader } from '#src/fc/line-reader';

function read(...chunks: string[]) {
  const lines: string[] = [];
  const reader = new LineReader((text) => lines.push(text));
  let marked = false;
  void reader.marked('/invoke 1').then(() => {
    marked = true;
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return { lines, marked: () => Promise.resolve().then(() => marked) };
}

it('gives lines without the mark, wherever the stream was cut', async () => {
  const text = 'first\nsecond\0/invoke 1\0\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const { lines, marked } = read(text.slice(0, cut), text.slice(cut));
    expect([lines, await marked()]).toEqual([['first', 'second'], true]);
  }
});

it('finds a mark that is cut in two after a line that comes out in pieces', async () => {
  const long = 'x'.repeat(2 * 1024 * 1024);
  const { lines, marked } = read(`${long}\0/inv`, 'oke 1\0\n');
  expect(lines.join('')).toBe(long);
  expect(await marked()).toBe(true);
});

it('keeps no more of a line without end than 32 KB', () => {
  const { lines } = read(...Array<string>(100).fill('é'.repeat(16 * 1024)));
  expect(lines.join('').length).toBeGreaterThan(98 * 16 * 1024);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(32 * 1024);
});
