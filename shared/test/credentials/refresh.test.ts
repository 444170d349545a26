import { expect, it } from 'vitest';
import type { Credentials } from '#src/auth/credentials';
import type { SteadyClock } from '#src/clock/clock';
import { refreshing } from '#src/credentials/refresh';
import { REDACTED, redact } from '#src/log/redact';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

class FakeTime implements SteadyClock {
  wall = START;
  steady = 0;
  now = () => this.wall;
  monotonic = () => this.steady;
  advance(ms: number): void {
    this.wall += ms;
    this.steady += ms;
  }
  /** Sets the machine's clock. */
  jump(ms: number): void {
    this.wall += ms;
  }
}

/** A source that counts its requests, can be down, and can delay its answers. */
function source(clock: FakeTime, ttlMs: number) {
  const self = {
    fetches: 0,
    down: false,
    /** When set, an answer waits until this is called. */
    release: undefined as (() => void) | undefined,
    held: false,
    async fetch(): Promise<Credentials> {
      const number = ++self.fetches;
      if (self.held) await new Promise<void>((resolve) => (self.release = resolve));
      if (self.down) throw new Error('connection refused');
      return {
        accessKeyId: `STS.${number}`,
        accessKeySecret: `secret-${number}`,
        securityToken: `token-${number}`,
        expiration: clock.now() + ttlMs,
      };
    },
  };
  return self;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function setup(ttlMs: number) {
  const clock = new FakeTime();
  const from = source(clock, ttlMs);
  const provider = refreshing('The test source', from.fetch, { clock });
  const id = async () => (await provider.getCredentials()).accessKeyId;
  return { clock, from, provider, id };
}

it('makes one request for 100 first calls at once', async () => {
  const { from, id } = setup(60 * MINUTE);
  const ids = await Promise.all(Array.from({ length: 100 }, id));
  expect(new Set(ids)).toEqual(new Set(['STS.1']));
  expect(from.fetches).toBe(1);
});

it('fails all callers that wait for a failed first request, and tries again for the next call', async () => {
  const { from, provider, id } = setup(60 * MINUTE);
  from.down = true;
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => provider.getCredentials()),
  );
  expect(results.every((result) => result.status === 'rejected')).toBe(true);
  expect(from.fetches).toBe(1);
  from.down = false;
  expect(await id()).toBe('STS.2');
});

it('does not fetch a credential that lives 10 minutes on each call', async () => {
  const { clock, from, id } = setup(10 * MINUTE);
  for (let minute = 0; minute < 7; minute++) {
    expect(await id()).toBe('STS.1');
    clock.advance(MINUTE);
  }
  expect(from.fetches).toBe(1);
});

it('renews ahead of expiry in the background and gives out the old one meanwhile', async () => {
  const { clock, from, id } = setup(60 * MINUTE);
  await id();
  clock.advance(46 * MINUTE);
  from.held = true;
  expect(await id()).toBe('STS.1');
  expect(await id()).toBe('STS.1');
  expect(from.fetches).toBe(2);
  from.release?.();
  await settle();
  expect(await id()).toBe('STS.2');
});

it('waits for the new one once the old one has expired', async () => {
  const { clock, from, id } = setup(60 * MINUTE);
  await id();
  clock.advance(60 * MINUTE);
  from.held = true;
  const waiting = [id(), id()];
  await settle();
  from.release?.();
  expect(await Promise.all(waiting)).toEqual(['STS.2', 'STS.2']);
});

it('uses the valid one while the source is down, fails once it is not valid, and recovers', async () => {
  const { clock, from, id } = setup(60 * MINUTE);
  await id();
  from.down = true;
  clock.advance(50 * MINUTE);
  expect(await id()).toBe('STS.1');
  await settle();
  clock.advance(9 * MINUTE);
  expect(await id()).toBe('STS.1');
  await settle();
  clock.advance(MINUTE);
  await expect(id()).rejects.toMatchObject({
    code: 'CredentialsUnavailable',
    name: 'CredentialsError',
  });
  from.down = false;
  expect(await id()).toMatch(/^STS\./);
});

it('does not ask a source that is down on every call', async () => {
  const { clock, from, id } = setup(60 * MINUTE);
  await id();
  from.down = true;
  clock.advance(46 * MINUTE);
  for (let second = 0; second < 60; second++) {
    await id();
    await settle();
    clock.advance(1_000);
  }
  expect(from.fetches).toBeGreaterThan(3);
  expect(from.fetches).toBeLessThan(10);
});

/** Calls each half second for as long as told, and returns when the source was asked. */
async function askedDuring(
  ms: number,
  { clock, from, provider }: ReturnType<typeof setup>,
): Promise<number[]> {
  const asked: number[] = [];
  const begun = clock.monotonic();
  for (; clock.monotonic() - begun < ms; clock.advance(500)) {
    const before = from.fetches;
    await provider.getCredentials().catch(() => {});
    await settle();
    if (from.fetches > before) asked.push((clock.monotonic() - begun) / 1000);
  }
  return asked;
}

it('asks from 15 minutes before the end, then after pauses of 1, 2, 4, … up to 60 seconds, each time anew', async () => {
  const all = setup(120 * MINUTE);
  const { clock, from, id } = all;
  const renewFrom = 105 * MINUTE - 5000; // the last 5 seconds count as past the end
  await id();
  let age = 0;
  for (let period = 1; period <= 2; period++) {
    const { fetches } = from;
    clock.advance(renewFrom - 1 - age);
    await id();
    expect(from.fetches).toBe(fetches);
    clock.advance(1);
    from.down = true;
    expect(await askedDuring(4 * MINUTE, all)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    from.down = false;
    const [renewed = 0] = await askedDuring(MINUTE, all);
    age = MINUTE - renewed * 1000;
  }
});

it('renews ahead of expiry though it paused before, when the source was down', async () => {
  const all = setup(MINUTE);
  const { clock, from, id } = all;
  await id();
  from.down = true;
  await askedDuring(5 * MINUTE, all);
  from.down = false;
  expect(await id()).toBe(`STS.${from.fetches}`);
  const before = from.fetches;
  clock.advance(0.75 * (MINUTE - 5000));
  await id();
  expect(from.fetches).toBe(before + 1);
});

it('does not lengthen a credential’s life when the clock is set back', async () => {
  const { clock, id } = setup(60 * MINUTE);
  await id();
  clock.jump(-120 * MINUTE);
  clock.advance(60 * MINUTE);
  expect(await id()).toBe('STS.2');
});

it('does not give one out within 5 seconds of its expiry by the steady clock, whatever the wall clock says', async () => {
  const { clock, from, id } = setup(60 * MINUTE);
  await id();
  from.down = true;
  clock.jump(-120 * MINUTE);
  clock.advance(60 * MINUTE - 5001);
  expect(await id()).toBe('STS.1');
  await settle();
  clock.advance(1);
  await expect(id()).rejects.toMatchObject({ code: 'CredentialsUnavailable' });
});

it('fetches a new one when the clock is set forward past the expiry', async () => {
  const { clock, id } = setup(60 * MINUTE);
  await id();
  clock.jump(120 * MINUTE);
  expect(await id()).toBe('STS.2');
});

it.each([
  ['ExpiredCredentials', { expiration: START - 1 }],
  ['ExpiredCredentials', { expiration: START + 5000 }], // as good as expired: a request takes time
  ['InvalidCredentials', { expiration: undefined }],
  ['InvalidCredentials', { accessKeySecret: '' }],
])('never gives out an invalid credential: %s', async (code, change) => {
  const whole = {
    accessKeyId: 'STS.x',
    accessKeySecret: 'the-secret',
    securityToken: 'the-token',
    expiration: START + 60 * MINUTE,
  };
  const fetch = async () => ({ ...whole, ...change }) as Credentials;
  const provider = refreshing('The test source', fetch, { clock: new FakeTime() });
  const error = await provider.getCredentials().catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code });
  expect(String(error)).not.toMatch(/the-secret|the-token/);
});

it('fetches a new one 5 seconds before the expiry by the wall clock, whatever the steady one says', async () => {
  const { clock, id } = setup(60 * MINUTE);
  await id();
  clock.jump(60 * MINUTE - 5001);
  expect(await id()).toBe('STS.1');
  clock.jump(1);
  expect(await id()).toBe('STS.2');
});

it('gives out one that lasts a millisecond longer than a request takes', async () => {
  const { id } = setup(5001);
  expect(await id()).toBe('STS.1');
});

it('remembers the secrets of what it fetched, so that no log shows them', async () => {
  const { id } = setup(60 * MINUTE);
  await id();
  expect(redact('signed with secret-1, sent token-1')).toBe(
    `signed with ${REDACTED}, sent ${REDACTED}`,
  );
});
