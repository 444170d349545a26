import { expect, it } from 'vitest';
import { History } from '#src/console/history';
import type { ObservedInvocation } from '#src/fc/local-api';
import type { FcRuntime } from '#src/fc/runtime';

/** Returns a history, and a function that reports an invocation to it. */
function historyOf() {
  let tell = (_: ObservedInvocation): void => {};
  const fc: Pick<FcRuntime, 'observe' | 'httpTriggerUrl'> = {
    httpTriggerUrl: () => undefined,
    observe(listener) {
      tell = listener;
      return () => {
        tell = () => {};
      };
    },
  };
  const history = new History(fc);
  const happen = (functionName: string, at: number, body = ''): void =>
    tell({
      functionName,
      at,
      event: Buffer.from(body),
      result: { requestId: `r${at}`, durationMs: 1, coldStart: false, body: Buffer.from(body) },
    });
  return { history, happen };
}

it('keeps the last hundred of each function, latest first', () => {
  const { history, happen } = historyOf();
  for (let at = 0; at < 150; at++) happen('a', at);
  happen('b', 20);
  expect(history.of('a')).toHaveLength(100);
  expect(history.of('a')[0]?.requestId).toBe('r149');
  expect(history.of('b')).toHaveLength(1);
  expect(history.of('none')).toEqual([]);
});

it('gives the latest of all functions in order', () => {
  const { history, happen } = historyOf();
  for (const [name, at] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    happen(name, at);
  expect(history.latest(2).map(({ at }) => at)).toEqual([3, 2]);
});

it('keeps the start of a large event, and how large it was', () => {
  const { history, happen } = historyOf();
  happen('a', 1, 'x'.repeat(100_000));
  const [{ event } = { event: undefined }] = history.of('a');
  expect([event?.content.length, event?.size]).toEqual([65_536, 100_000]);
});

it('records nothing once it is closed', () => {
  const { history, happen } = historyOf();
  history.close();
  happen('a', 1);
  expect(history.of('a')).toEqual([]);
});
