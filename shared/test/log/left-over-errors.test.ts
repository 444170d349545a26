import { expect, it } from 'vitest';
import { createLog } from '#src/log/log';
import type { Logger } from '#src/log/logger';

const first = new TypeError('broke');
const second = new Error('again');
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const described = expect.objectContaining({
  name: 'TypeError',
  message: 'broke',
  stack: expect.stringContaining('broke'),
});
const other = expect.objectContaining({ message: 'again' });

function said(say: (log: Logger) => void): Record<string, unknown> {
  const lines: string[] = [];
  say(createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } }));
  const { level: _, time: __, ...rest } = JSON.parse(lines.join(''));
  return rest;
}

it.each<[string, (log: Logger) => void, Record<string, unknown>]>([
  ['after a message', (log) => log.error('m', first), { message: 'm', error: described }],
  [
    'after the values of a message',
    (log) => log.warn('%s of %d', 'a', 2, first),
    { message: 'a of 2', error: described },
  ],
  [
    'after fields and a message',
    (log) => log.error({ orderId: 7 }, 'm', first),
    { orderId: 7, message: 'm', error: described },
  ],
  [
    'after a message with no place but %%',
    (log) => log.error('100%% failed', first),
    { message: '100% failed', error: described },
  ],
  [
    'after other values without a place',
    (log) => log.error('m', 'x', first),
    { message: 'm', error: described },
  ],
  [
    'with another',
    (log) => log.error('m', first, second),
    { message: 'm', errors: [described, other] },
  ],
  [
    'beside another that came first',
    (log) => log.error(first, 'm', second),
    { message: 'm', error: described, errors: [other] },
  ],
  [
    'beside a field error',
    (log) => log.error({ error: 'text' }, 'm', second),
    { message: 'm', error: 'text', errors: [other] },
  ],
  [
    'beside a field error without a value',
    (log) => log.error({ error: undefined }, 'm', first),
    { message: 'm', error: described },
  ],
  [
    'beside fields that cannot be read',
    (log) => log.error(revoked.proxy, 'm', first),
    { message: 'm', value: '[unreadable]', errors: [described] },
  ],
  [
    'after null, as alone',
    (log) => log.error(null as unknown as object, first as never),
    { message: 'broke', error: described },
  ],
  [
    'with a place, in the message only',
    (log) => log.error('m: %s', first),
    { message: 'm: TypeError: broke' },
  ],
])('writes an error that comes %s', (_, say, expected) => {
  expect(said(say)).toEqual(expected);
});
