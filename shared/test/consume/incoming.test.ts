import { expect, it } from 'vitest';
import { ClaimMemory } from '#src/consume/claim-memory';
import { drain } from '#src/consume/drain';
import { handleOne } from '#src/consume/handle-one';
import { fromNotification, fromQueueEvents } from '#src/consume/incoming';
import type { Incoming } from '#src/consume/message';
import type { Delivery } from '#src/consume/options';
import { Deadline } from '#src/context/deadline';
import type { CloudEvent } from '#src/events/index';
import { createLog } from '#src/log/log';
import * as z from '#src/schema/index';
import { parseMessage } from '#src/smq/message';
import type { Message } from '#src/smq/types';
import { queueOf } from './queue-of.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';
const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
const baggage = 'tenant=7,user=a';

/** Returns what the handler of such a message gets. */
async function deliveryOf(properties: Partial<Incoming>): Promise<Delivery | undefined> {
  let seen: Delivery | undefined;
  const incoming: Incoming = {
    messageId: 'M',
    source: { kind: 'queue', name: 'q' },
    body: '{}',
    userProperties: {},
    ...properties,
  };
  await handleOne(
    incoming,
    {
      schema: z.object({}),
      deadline: new Deadline({ function: { memory: 1, timeout: 60 } }),
      log: createLog({ level: 'silent' }),
      handle: async (_, delivery) => {
        seen = delivery;
      },
    },
    new AbortController().signal,
    new ClaimMemory(1),
  );
  return seen;
}

it.each(['userProperties', 'systemProperties'])(
  'continues the trace that comes in %s, with its baggage',
  async (place) => {
    const delivery = await deliveryOf({ [place]: { traceparent, baggage } });
    expect(delivery?.trace).toEqual({
      traceId: TRACE_ID,
      parentId: SPAN_ID,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      flags: '01',
      baggage,
    });
  },
);

it('prefers the trace that the producer itself has set to the one its SDK has set', async () => {
  const other = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`;
  const delivery = await deliveryOf({
    userProperties: { traceparent },
    systemProperties: { traceparent: other },
  });
  expect(delivery?.trace.traceId).toBe(TRACE_ID);
});

it.each(['SystemPropertyValue', 'PropertyValue'])('reads system properties in %s', (element) => {
  const message = parseMessage({
    MessageId: 'M',
    MessageBody: '{}',
    MessageBodyMD5: 'x',
    ReceiptHandle: 'h',
    EnqueueTime: '1',
    FirstDequeueTime: '1',
    NextVisibleTime: '1',
    DequeueCount: '1',
    Priority: '8',
    SystemProperties: [
      { [element]: [{ Name: 'traceparent', Value: traceparent, Type: 'STRING' }] },
    ],
  });
  expect(message.systemProperties).toEqual({ traceparent });
});

it('continues the trace in the system properties of a message that drain receives', async () => {
  const { queue, options } = await queueOf(['{"n":1}']);
  const receiveBatch = queue.receiveBatch.bind(queue);
  queue.receiveBatch = async (asked) =>
    (await receiveBatch(asked)).map(
      (message): Message => ({
        ...message,
        systemProperties: { traceparent, baggage },
      }),
    );
  const traces: unknown[] = [];
  const handle = async (_: unknown, { trace }: Delivery) => void traces.push(trace);
  await drain(queue, { ...options(), handle });
  expect(traces).toEqual([expect.objectContaining({ traceId: TRACE_ID, baggage })]);
});

it('names the queue for a batch that does not name it, as with eventSchema RawData', () => {
  const raw = { messageId: 'M', messageBody: '{}' };
  const named = { ...raw, subject: 'acs:mns:cn-hangzhou:1:queues/from-the-event' };
  const names = (events: (typeof raw)[], queue?: string) =>
    fromQueueEvents(events, queue).map(({ source }) => source.name);
  expect(names([raw, named], 'mine')).toEqual(['mine', 'from-the-event']);
  expect(names([raw])).toEqual(['unknown']);
});

it('takes the trace of a pushed message from its event, and nothing that the event lacks', () => {
  const raw = { messageId: 'M', messageBody: '{}' };
  const properties = (event: Partial<CloudEvent>) =>
    fromQueueEvents([{ ...raw, ...event }])[0]?.userProperties;
  expect(properties({ traceparent, baggage })).toStrictEqual({ traceparent, baggage });
  expect(properties({ traceparent })).toStrictEqual({ traceparent });
  expect(properties({ baggage })).toStrictEqual({ baggage });
  expect(properties({})).toStrictEqual({});
});

it.each([
  ['2026-07-01T00:00:00Z', Date.UTC(2026, 6, 1)],
  ['yesterday', undefined],
  [undefined, undefined],
])('takes the time %s of an event for that of its message: %s', (time, enqueueTime) => {
  const event = { messageId: 'M', messageBody: '{}', ...(time !== undefined && { time }) };
  const [incoming] = fromQueueEvents([event], 'q');
  expect(incoming).toMatchObject({ source: { kind: 'queue', name: 'q' } });
  expect(incoming?.enqueueTime).toBe(enqueueTime);
});

it.each([
  [{ requestId: 'R' }, 1],
  [{ requestId: 'R', retryCount: 2 }, 3],
])('counts the tries of a notification by those of its invocation: %j', (invocation, attempt) => {
  const incoming = fromNotification({ message: '{}', attributes: {} }, 'news', invocation);
  expect(incoming).toMatchObject({
    messageId: 'R',
    source: { kind: 'topic', name: 'news' },
    attempt,
  });
});
