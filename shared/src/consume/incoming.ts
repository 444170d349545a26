import type { FunctionContext } from '../context/function-context.ts';
import { TRACEPARENT } from '../context/trace.ts';
import type { CloudEvent, TopicNotification } from '../events/index.ts';
import { type Incoming, UNKNOWN_SOURCE } from './message.ts';

/** The messages of a pushed batch. EventBridge does not say how often it has pushed one. */
export function fromQueueEvents(events: readonly CloudEvent[]): Incoming[] {
  return events.map(({ messageId, messageBody, subject, time, traceparent }) => ({
    messageId,
    source: { kind: 'queue', name: queueOf(subject) },
    body: messageBody,
    userProperties: { ...(traceparent !== undefined && { [TRACEPARENT]: traceparent }) },
    enqueueTime: parseTime(time),
  }));
}

/** The one message of a notification. STREAM carries no id: the request's takes its place, which stays the same when FC tries again. */
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

function queueOf(subject = ''): string {
  return /queues\/([A-Za-z0-9-]+)$/.exec(subject)?.[1] ?? UNKNOWN_SOURCE;
}

function parseTime(time = ''): number | undefined {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
