import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '#src/log/log';
import { rememberSecrets } from '#src/log/redact';

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  writeSync: vi.fn(),
}));

const STDOUT = 1;
/** What each write of the system does: how many bytes it takes, or the error it ends with. */
let writes: (number | Error)[] = [];
let output: Record<number, string> = {};

beforeEach(() => {
  writes = [];
  output = { 1: '', 2: '' };
  vi.mocked(writeSync).mockImplementation((descriptor, data) => {
    const bytes = Buffer.from(data as Uint8Array | string);
    const result = (descriptor === STDOUT ? writes.shift() : undefined) ?? bytes.length;
    if (result instanceof Error) throw result;
    output[descriptor] += bytes.toString('utf8', 0, result);
    return result;
  });
});

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const lost = expect.objectContaining({
  level: 'warn',
  message: 'Log lines could not be written, and are lost',
});

function written(): unknown[] {
  return (output[STDOUT] ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it.skipIf(!existsSync('/dev/full'))(
  'ends no process though standard output takes no line, and says so once on standard error',
  async () => {
    const module = JSON.stringify(new URL('../../src/log/log.ts', import.meta.url));
    const code = `import { createLog } from ${module};
for (const n of [1, 2, 3]) createLog({ level: 'info' }).error(new Error('x'), 'line');
process.exitCode = 3;`;
    const options = ['--import', 'tsx', '--conditions=fc-source', '--input-type=module'];
    const child = spawn(process.execPath, [...options, '--eval', code], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    const ended = once(child, 'exit');
    expect(await text(child.stderr as NodeJS.ReadableStream)).toMatch(
      /^A log line could not be written, and is lost: ENOSPC: [^\n]+\n$/,
    );
    expect(await ended).toEqual([3, null]);
  },
);

it('says how many lines were lost once standard output takes some again', () => {
  const log = createLog({ level: 'info' });
  writes = [full, Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' })];
  for (const message of ['a', 'b', 'c', 'd']) log.info(message);
  expect(written()).toEqual([
    expect.objectContaining({ lines: 2 }),
    expect.objectContaining({ message: 'c' }),
    expect.objectContaining({ message: 'd' }),
  ]);
  expect(written()[0]).toEqual(lost);
  expect(output[2]).toBe(
    'A log line could not be written, and is lost: ENOSPC: no space left on device, write\n',
  );
});

it('writes the rest of a line of which the system takes a part at a time, whatever its characters', () => {
  const log = createLog({ level: 'info' });
  const message = 'é😀'.repeat(30);
  writes = [25, 0, 12];
  log.info(message);
  log.info('b');
  expect(written()).toEqual([
    expect.objectContaining({ message }),
    expect.objectContaining({ message: 'b' }),
  ]);
});

it('drops a line that nothing reads any more, and begins the next as ever', () => {
  const log = createLog({ level: 'info' });
  writes = [10, Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })];
  log.info('a');
  log.info('b');
  expect(output[STDOUT]).toMatch(/^\{"level":"\{"level":"info".*"message":"b"\}\n$/);
  expect(output[2]).toBe('');
});

it('begins the next line on a line of its own after one that was written in part', () => {
  const log = createLog({ level: 'info' });
  writes = [10, full];
  log.info('a');
  log.info('b');
  log.info('c');
  const [part, ...whole] = (output[STDOUT] ?? '').trimEnd().split('\n');
  expect(part).toBe('{"level":"');
  expect(whole.map((line) => JSON.parse(line))).toEqual([
    lost,
    expect.objectContaining({ message: 'b' }),
    expect.objectContaining({ message: 'c' }),
  ]);
});

it('does not throw what a destination of one’s own throws, nor show a secret in it', () => {
  rememberSecrets('a-remembered-secret');
  const lines: string[] = [];
  let fault: unknown = new Error('no route to a-remembered-secret');
  const destination = {
    write(line: string) {
      if (fault) throw fault;
      lines.push(line);
    },
  };
  const write = (message: string) => createLog({ level: 'info', destination }).info(message);
  write('a');
  fault = 'not even an error';
  write('b');
  fault = undefined;
  write('c');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ lines: 2 }),
    expect.objectContaining({ message: 'c' }),
  ]);
  expect(output[2]).toBe('A log line could not be written, and is lost: no route to [redacted]\n');
});

it('does not throw though standard error takes nothing either', () => {
  vi.mocked(writeSync).mockImplementation(() => {
    throw full;
  });
  const destination = {
    write() {
      throw full;
    },
  };
  const log = createLog({ level: 'info', destination });
  expect(() => log.info('a')).not.toThrow();
});
