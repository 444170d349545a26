import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createLog } from '#src/log/log';
import { REDACTED, rememberSecrets } from '#src/log/redact';

type Say = (log: ReturnType<typeof createLog>) => void;

/** Returns what a line says apart from its level and time. */
function said(say: Say): Record<string, unknown> {
  const { level, time, ...rest } = JSON.parse(written(say));
  expect(level).toBe('info');
  expect(new Date(time).toISOString()).toBe(time);
  return rest;
}

function written(say: Say): string {
  const lines: string[] = [];
  say(createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } }));
  expect(lines.map((line) => line.indexOf('\n'))).toEqual(lines.map((line) => line.length - 1));
  return lines.join('');
}

const error = new TypeError('broke');

it.each<[string, Say, Record<string, unknown>]>([
  ['a message', (log) => log.info('m'), { message: 'm' }],
  ['fields', (log) => log.info({ a: 1, b: [true] }), { a: 1, b: [true] }],
  ['fields and a message', (log) => log.info({ a: 1 }, 'm "q"\n'), { a: 1, message: 'm "q"\n' }],
  ['no fields', (log) => log.info({}, 'm'), { message: 'm' }],
  [
    'fields without a value',
    (log) => log.info({ a: undefined, f: () => 1 }, 'm'),
    { message: 'm' },
  ],
  ['no number', (log) => log.info({ a: Number.NaN }), { a: null }],
  ['a list', (log) => log.info(['x', 'y']), { 0: 'x', 1: 'y' }],
  ['what shows itself as text', (log) => log.info(new URL('http://h/')), { value: 'http://h/' }],
  ['big integers', (log) => log.info({ a: 5n, b: [2n ** 64n] }), { a: 5, b: [`${2n ** 64n}`] }],
  [
    'an error with a message',
    (log) => log.info({ error }, 'm'),
    { error: described(), message: 'm' },
  ],
  ['an error without one', (log) => log.info({ error }), { error: described(), message: 'broke' }],
  ['an error alone', (log) => log.info(error), { error: described(), message: 'broke' }],
  ['an error first', (log) => log.info(error, 'm'), { error: described(), message: 'm' }],
  [
    'a field message',
    (log) => log.info({ message: 'f', error }),
    { message: 'f', error: described() },
  ],
  ['values in a message', (log) => log.info('%s is %d%%', 'x', 5), { message: 'x is 5%' }],
  [
    'values after fields',
    (log) => log.info({ a: 1 }, '%i %f', 1.5, 1.5),
    { a: 1, message: '1 1.5' },
  ],
  ['objects in a message', (log) => log.info('%j %o', { a: 1 }, 't'), { message: `{"a":1} 't'` }],
  ['missing values', (log) => log.info('%s %s %j', 'x'), { message: 'x %s %j' }],
  ['a % without values', (log) => log.info('100%% sure'), { message: '100%% sure' }],
])('writes %s', (_, say, expected) => {
  expect(said(say)).toEqual(expected);
});

class Broken extends Error {
  override get message(): string {
    throw new Error('getter');
  }
}
const throws = (): never => {
  throw new Error('called');
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const UNREADABLE = '[unreadable]';

it.each<[string, Say, Record<string, unknown>]>([
  [
    'a getter that throws',
    (log) =>
      log.info(
        {
          get a() {
            return throws();
          },
          b: 1,
        },
        'm',
      ),
    { a: UNREADABLE, b: 1, message: 'm' },
  ],
  [
    'a toJSON that throws',
    (log) => log.info({ a: { toJSON: throws }, b: 1 }),
    { a: UNREADABLE, b: 1 },
  ],
  [
    'a Proxy that is revoked',
    (log) => log.info({ a: revoked.proxy }, 'm'),
    { a: UNREADABLE, message: 'm' },
  ],
  [
    'fields that are one',
    (log) => log.info(revoked.proxy, 'm'),
    { value: UNREADABLE, message: 'm' },
  ],
  [
    'an error that cannot be read',
    (log) => log.info(new Broken()),
    { error: UNREADABLE, message: UNREADABLE },
  ],
  [
    'errors that are no list',
    (log) => log.info({ e: Object.assign(new AggregateError([], 'all'), { errors: 'none' }) }, 'm'),
    { e: expect.objectContaining({ message: 'all', errors: 'none' }), message: 'm' },
  ],
  [
    'a Map with a toJSON',
    (log) =>
      log.info({
        m: new Map<string, unknown>([
          ['toJSON', throws],
          ['a', 1],
        ]),
      }),
    { m: { a: 1 } },
  ],
  [
    'a symbol for a number',
    (log) => log.info('%d %s', Symbol('a'), Symbol('b')),
    { message: `${UNREADABLE} Symbol(b)` },
  ],
  [
    'what cannot be text',
    (log) => log.info('%s!', { toString: 1, valueOf: 2 }),
    { message: `${UNREADABLE}!` },
  ],
  [
    'text made by what throws',
    (log) => log.info('%s %d', { toString: throws }, { valueOf: throws }),
    { message: '[object Object] NaN' },
  ],
  [
    'an error in a message',
    (log) => log.info('no: %s', error),
    { message: 'no: TypeError: broke' },
  ],
  [
    'no fields for null',
    (log) => log.info(null as unknown as object, 'm %s', 1),
    { message: 'm 1' },
  ],
  [
    'a child whose field cannot be read',
    (log) =>
      log
        .child({
          get a() {
            return throws();
          },
          b: 1,
        })
        .info('m'),
    { a: UNREADABLE, b: 1, message: 'm' },
  ],
  [
    'a child with the fields of a Map',
    (log) => log.child(new Map([['a', 1]])).info('m'),
    { a: 1, message: 'm' },
  ],
])('does not fail at %s', (_, say, expected) => {
  expect(said(say)).toEqual(expected);
});

function described() {
  return { name: 'TypeError', message: 'broke', stack: expect.stringContaining('broke') };
}

it('writes fields of a log before those of its child, and both before those of the line', () => {
  const line = written((log) => log.child({ a: 1 }).child({ b: 2 }).info({ c: 3 }, 'm'));
  expect(line).toMatch(/^\{"level":"info","time":"[^"]+","a":1,"b":2,"c":3,"message":"m"\}\n$/);
});

it('keeps the fields of a child unchanged from when it was made, and its level', () => {
  const fields = { a: 1, list: ['x'], level: 'error' };
  expect(
    said((log) => {
      const child = log.child(fields);
      fields.a = 2;
      fields.list.push('y');
      child.info('m');
      child.debug('not shown');
    }),
  ).toEqual({ a: 1, list: ['x'], message: 'm' });
});

it('hides secrets in fields of a child, in values of a message and in objects used as the message', () => {
  rememberSecrets('remembered-secret');
  const { message, ...fields } = said((log) =>
    log
      .child({ token: 'SECRET', text: 'remembered-secret' })
      .info('%j %s', { password: 'SECRET' }, 'remembered-secret'),
  );
  expect(fields).toEqual({ token: REDACTED, text: REDACTED });
  expect(message).toBe(`{"password":"${REDACTED}"} ${REDACTED}`);
});

it('writes lines to standard output whole and in order though it is read late, and drops those that nothing reads', async () => {
  const module = JSON.stringify(new URL('../../src/log/log.ts', import.meta.url));
  // Standard error signals when it begins; asking for stdout's size makes the pipe one that can be full.
  const code = `import { writeSync } from 'node:fs'; import { createLog } from ${module};
process.stdout.writableLength; writeSync(2, 'begins'); const log = createLog({ level: 'info' });
for (let n = 0; n < 40; n++) log.info({ n, text: 'x'.repeat(20_000) }); process.exitCode = 3;`;
  const start = () => {
    const options = ['--import', 'tsx', '--conditions=fc-source', '--input-type=module'];
    return spawn(process.execPath, [...options, '--eval', code], { stdio: 'pipe' });
  };
  const late = start();
  expect(String((await once(late.stderr, 'data'))[0])).toBe('begins');
  const lines = (await text(late.stdout)).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).n)).toEqual([...Array(40).keys()]);

  const unread = start();
  unread.stdout.destroy();
  expect(await once(unread, 'exit')).toEqual([3, null]);
}, 60_000);
