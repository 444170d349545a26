import {
  functionContext,
  httpEvent,
  ossEvent,
  queueEvent,
  timerEvent,
  topicEvent,
} from 'fc-local/testing';
import { expect, it } from 'vitest';
import {
  ossHandler,
  queueHandler,
  timerHandler,
  topicHandler,
} from '#src/handler/trigger-handlers';

const context = functionContext();

it('passes each trigger’s event on, parsed', async () => {
  const timer = timerHandler(async ({ triggerName }) => triggerName);
  expect(await timer(timerEvent({ triggerName: 'tick' }), context)).toBe('tick');

  const oss = ossHandler(async (events) => events.map(({ key }) => key));
  expect(await oss(ossEvent('b', [{ key: 'a' }, { key: 'c' }]), context)).toEqual(['a', 'c']);

  const topic = topicHandler(async ({ message }) => message);
  expect(await topic(topicEvent('news'), context)).toBe('news');

  const queue = queueHandler(async (events) => events.map(({ messageBody }) => messageBody));
  expect(await queue(queueEvent(['a', 'b']), context)).toEqual(['a', 'b']);
});

it('decodes the bodies of a queue whose producers encode them', async () => {
  const handler = queueHandler(async ([first]) => first?.messageBody, { base64: true });
  expect(await handler(queueEvent([btoa('text')]), context)).toBe('text');
});

it.each([
  ['timer', timerHandler(async () => {})],
  ['oss', ossHandler(async () => {})],
  ['eventbridge', queueHandler(async () => {})],
])('refuses the event of another trigger than %s', async (trigger, handler) => {
  await expect(handler(httpEvent(), context)).rejects.toMatchObject({
    code: 'UnexpectedEvent',
    message: expect.stringContaining(trigger),
  });
});
