import { expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { Nonces } from '#src/openapi/nonces';

it('takes a nonce once for each key', () => {
  const nonces = new Nonces(new DrivenClock());
  expect(nonces.use('a', '1')).toBe(true);
  expect(nonces.use('a', '1')).toBe(false);
  expect(nonces.use('b', '1')).toBe(true);
});

it('forgets a nonce half an hour later, when its request is out of date', async () => {
  const clock = new DrivenClock();
  const nonces = new Nonces(clock);
  nonces.use('a', '1');
  await clock.advance(30 * 60_000 - 1);
  expect(nonces.use('a', '1')).toBe(false);
  await clock.advance(1);
  expect(nonces.use('a', '1')).toBe(true);
});
