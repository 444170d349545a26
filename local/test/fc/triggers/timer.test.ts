import { describe, expect, it } from 'vitest';
import { DrivenClock } from '#src/clock';
import { parseSchedule } from '#src/project/schedule';
import type { TimerTriggerSpec } from '#src/project/types';
import { startFixture, writeFunction } from '../fixture.ts';

function timer(spec: Partial<TimerTriggerSpec> = {}): TimerTriggerSpec {
  return {
    type: 'timer',
    name: 'tick',
    cronExpression: '@every 5m',
    source: 's.yaml:12',
    enable: true,
    ...spec,
  };
}

const PRINTS = 'exports.handler = async (event) => { console.log(String(event)); return event; };';

describe('schedules', () => {
  it.each([
    ['@every 5m', '2026-03-01T00:05:07Z'],
    ['@every 30s', '2026-03-01T00:00:37Z'],
    ['@every 1h', '2026-03-01T01:00:07Z'],
    ['0 */5 * * * *', '2026-03-01T00:05:00Z'],
    ['0 0 4 * * *', '2026-03-01T04:00:00Z'],
    ['CRON_TZ=Asia/Shanghai 0 0 4 * * *', '2026-03-01T20:00:00Z'],
    ['0 30 9 ? * MON', '2026-03-02T09:30:00Z'],
    ['10 0 0 1 4 *', '2026-04-01T00:00:10Z'],
    ['0 5/20 * * * *', '2026-03-01T00:05:00Z'],
    ['0 0 8-18/2 * * MON-FRI', '2026-03-02T08:00:00Z'],
    // Clocks change from 02:00 to 03:00 on March 8th, and from 02:00 back to 01:00 on November 1st.
    ['CRON_TZ=America/New_York 0 30 2 8 3 *', '2026-03-08T07:00:00Z'],
    ['CRON_TZ=America/New_York 0 30 1 1 11 *', '2026-11-01T05:30:00Z'],
  ])('a timer of %s goes off next at %s', (expression, next) => {
    const due = parseSchedule(expression)(Date.parse('2026-03-01T00:00:07Z'));
    expect(new Date(due ?? 0).toISOString()).toBe(next.replace('Z', '.000Z'));
  });

  it.each([
    '0 30 3 * * *',
    '*/7 * * * * *',
    '0 0 0 29 2 *',
    '0 0 12 ? * MON-FRI',
    '0 0 4,16 * JAN-MAR 0',
    '59 59 23 28-31 * *',
    '0 0 0 30 2 *',
  ])('a timer of %s without a zone goes off as one with UTC by its name', (expression) => {
    const [without, named] = [
      parseSchedule(expression),
      parseSchedule(`CRON_TZ=Etc/UTC ${expression}`),
    ];
    let from: number | undefined = Date.parse('2026-03-01T00:00:07.123Z');
    for (let count = 0; count < 50 && from !== undefined; count++) {
      const due: number | undefined = without(from);
      expect(due).toBe(named(from));
      from = due;
    }
  });

  it.each([
    '',
    'hourly',
    '*/5 * * * *',
    '61 * * * * *',
    '@every',
    '@every 0m',
    '@every 5 weeks',
    'CRON_TZ=Mars/Base 0 0 4 * * *',
    '0 0 0 L * ?',
    '0 0 0 ? * MON#1',
    '0 /5 * * * *',
  ])('refuses "%s" at deployment, naming the place', async (cronExpression) => {
    const { runtime } = await startFixture();
    const spec = writeFunction(PRINTS, { triggers: [timer({ cronExpression })] });
    await expect(runtime.deploy(spec)).rejects.toMatchObject({
      code: 'InvalidCronExpression',
      message: expect.stringContaining('function "dev-sample" (s.yaml:12)'),
    });
  });
});

describe('ticks', () => {
  it('invokes the function with the documented event at each interval', async () => {
    const clock = new DrivenClock(Date.parse('2026-03-01T00:00:00Z'));
    const { runtime, printed } = await startFixture({ clock });
    const triggers = [timer({ payload: 'go' })];
    await runtime.deploy(writeFunction(PRINTS, { triggers, timeout: 3600 }));
    await clock.advance(5 * 60_000);
    await printed('{"triggerTime":"2026-03-01T00:05:00Z","triggerName":"tick","payload":"go"}');
    await clock.advance(5 * 60_000);
    await printed('{"triggerTime":"2026-03-01T00:10:00Z","triggerName":"tick","payload":"go"}');
    expect(runtime.logs('sample')).toHaveLength(2);
  });

  it('leaves a disabled trigger alone, though it can be fired', async () => {
    const { runtime, clock } = await startFixture();
    await runtime.deploy(writeFunction(PRINTS, { triggers: [timer({ enable: false })] }));
    await clock.advance(60 * 60_000);
    expect(runtime.logs('sample')).toEqual([]);
    expect((await runtime.fireTimer('sample')).errorType).toBeUndefined();
  });

  it('stops the timers of an earlier version', async () => {
    const { runtime, clock, printed } = await startFixture();
    await runtime.deploy(writeFunction(PRINTS, { triggers: [timer({ payload: 'old' })] }));
    await runtime.deploy(writeFunction(PRINTS, { triggers: [timer({ payload: 'new' })] }));
    await clock.advance(5 * 60_000);
    await printed('new');
    expect(runtime.logs('sample')).toHaveLength(1);
  });

  it('logs a run that failed', async () => {
    const { runtime, clock, printed } = await startFixture();
    const code = "exports.handler = async () => { throw new Error('no queue'); };";
    await runtime.deploy(writeFunction(code, { triggers: [timer()] }));
    await clock.advance(5 * 60_000);
    const line = await printed(
      'Timer trigger "tick": UnhandledInvocationError: {"errorMessage":"no queue"',
    );
    expect(line).toMatchObject({ stream: 'stderr', requestId: expect.stringMatching(/^1-/) });
  });
});

describe('fireTimer', () => {
  it('runs the named trigger, or the first, now and resolves to the result', async () => {
    const { runtime } = await startFixture();
    const triggers = [timer({ name: 'first' }), timer({ name: 'second', payload: 'two' })];
    await runtime.deploy(writeFunction(PRINTS, { triggers }));
    const first = await runtime.fireTimer('sample');
    expect(JSON.parse(first.body.toString())).toMatchObject({ triggerName: 'first', payload: '' });
    const second = await runtime.fireTimer('dev-sample', 'second');
    expect(JSON.parse(second.body.toString())).toMatchObject({ payload: 'two' });
    await expect(runtime.fireTimer('sample', 'third')).rejects.toMatchObject({
      code: 'TriggerNotFound',
      message: 'Function "dev-sample" does not have timer trigger "third"',
    });
  });
});
