import type { FunctionHandler } from '../context/function-context.ts';
import type { BodyEncoding } from '../events/body-encoding.ts';
import { type OssEvent, parseOssEvent } from '../events/oss.ts';
import { type CloudEvent, parseQueueBatch, type QueueBatchOptions } from '../events/queue.ts';
import { parseTimerEvent, type TimerEvent } from '../events/timer.ts';
import { parseTopicEvent, type TopicNotification } from '../events/topic.ts';
import { eventHandler } from './event-handler.ts';
import type { Invocation } from './invocation.ts';

type Handle<Event, Result> = (event: Event, invocation: Invocation) => Promise<Result>;

/** Makes the handler of a timer trigger. Fails as eventHandler does, also for the event of another trigger. */
export function timerHandler<Result>(handle: Handle<TimerEvent, Result>): FunctionHandler<Result> {
  return eventHandler(parseTimerEvent, handle);
}

/** Makes the handler of an OSS trigger, whose event may hold several changes. Fails as eventHandler does, also for the event of another trigger. */
export function ossHandler<Result>(handle: Handle<OssEvent[], Result>): FunctionHandler<Result> {
  return eventHandler(parseOssEvent, handle);
}

/**
 * Makes the handler of an mns_topic trigger. Fails as eventHandler does. No event is refused, since a body
 * may be anything, unless `encoding` says what it is.
 */
export function topicHandler<Result>(
  handle: Handle<TopicNotification, Result>,
  options: { encoding?: BodyEncoding } = {},
): FunctionHandler<Result> {
  return eventHandler((event) => parseTopicEvent(event, options), handle);
}

/**
 * Makes the handler of an eventbridge trigger with an SMQ queue as its source. Set `encoding` if producers
 * encode bodies and the trigger does not decode them. Fails as eventHandler does, also for the event of
 * another trigger.
 */
export function queueHandler<Result>(
  handle: Handle<CloudEvent[], Result>,
  options: QueueBatchOptions = {},
): FunctionHandler<Result> {
  return eventHandler((event) => parseQueueBatch(event, options), handle);
}
