import type { FunctionContext } from '../context/function-context.ts';
import { BAGGAGE, TRACEPARENT } from '../context/trace.ts';
import type { CloudEvent, TopicNotification } from '../events/index.ts';
import { type Incoming, UNKNOWN_SOURCE } from './message.ts';

/**
 * Returns the messages of a pushed batch. EventBridge does not say how often it has pushed a message; with
 * eventSchema RawData it does not say from where either, so pass the queue's name in `queue`. Without it
 * such messages come from `unknown`, and their place in quarantine is `quarantine/unknown/`.
 */
export function fromQueueEvents(
  events: readonly CloudEvent[],
  queue: string = UNKNOWN_SOURCE,
): Incoming[] {
  return events.map(({ messageId, messageBody, subject, time, traceparent, baggage }) => ({
    messageId,
    source: { kind: 'queue', name: queueOf(subject) ?? queue },
    body: messageBody,
    userProperties: {
      ...(traceparent !== undefined && { [TRACEPARENT]: traceparent }),
      ...(baggage !== undefined && { [BAGGAGE]: baggage }),
    },
    enqueueTime: parseTime(time),
  }));
}

/**
 * Returns the one message of a notification. STREAM carries no id: the request's id takes its place, which
 * stays the same when FC tries again.
 */
export function fromNotification(
  { message, messageId, attributes, publishTime }: TopicNotification,
  topic: string,
  { requestId, retryCount = 0 }: Pick<FunctionContext, 'requestId' | 'retryCount'>,
): Incoming {
  return {
    messageId: messageId ?? requestId,
    source: { kind: 'topic', name: topic },
    body: message,
    userProperties: attributes,
    attempt: retryCount + 1,
    enqueueTime: publishTime,
  };
}

function queueOf(subject = ''): string | undefined {
  return /queues\/([A-Za-z0-9-]+)$/.exec(subject)?.[1];
}

function parseTime(time = ''): number | undefined {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
