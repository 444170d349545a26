import { expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { IssuedKeys } from '#src/identities/issued-keys';

const PRINCIPAL = {
  kind: 'assumed-role',
  accountId: '1',
  arn: 'acs:ram::1:assumed-role/r/s',
} as const;

it('stays small while tens of thousands of keys come and expire', async () => {
  const clock = new DrivenClock();
  const keys = new IssuedKeys(clock);
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 500; i++)
      keys.issue({ principal: PRINCIPAL, role: 'r', durationSeconds: 900 });
    await clock.advance(900_000);
  }
  expect(keys.size).toBeLessThan(6000);
});

it('keeps every key that is alive, in whichever order they expire', async () => {
  const clock = new DrivenClock();
  const keys = new IssuedKeys(clock);
  const long = keys.issue({ principal: PRINCIPAL, role: 'r', durationSeconds: 129_600 });
  for (let i = 0; i < 1000; i++) {
    keys.issue({ principal: PRINCIPAL, role: 'r', durationSeconds: 900 });
    await clock.advance(50_000);
  }
  expect(keys.find(long.accessKeyId)).toEqual(long);
});

it('drops the oldest tenth when as many as it keeps are alive at once', () => {
  const keys = new IssuedKeys(new DrivenClock(), 10_000);
  const spec = { principal: PRINCIPAL, role: 'r', durationSeconds: 129_600 };
  const first = keys.issue(spec);
  let last = first;
  for (let i = 0; i < 10_000; i++) last = keys.issue(spec);
  expect(keys.size).toBe(9_001);
  expect(keys.find(first.accessKeyId)).toBeUndefined();
  expect(keys.find(last.accessKeyId)).toEqual(last);
});
