import type { InspectedMessage, Message, PeekedMessage, ReceivedMessage } from './message.ts';

/** Returns a message as its receiver sees it. */
export function received({ content, lease }: Message, receiptHandle: string): ReceivedMessage {
  return {
    receiptHandle,
    firstDequeueTime: lease.firstDequeueTime ?? lease.start,
    nextVisibleTime: lease.visibleAt,
    dequeueCount: lease.dequeueCount,
    ...content, // last: V8 takes thirty times as long to add to an object that was spread first
  };
}

export function peeked({ content, lease }: Message): PeekedMessage {
  return {
    firstDequeueTime: lease.firstDequeueTime ?? content.enqueueTime,
    dequeueCount: lease.dequeueCount,
    ...content,
  };
}

export function inspected({ content, state, lease }: Message): InspectedMessage {
  const { dequeueCount, visibleAt } = lease;
  return { state, dequeueCount, visibleAt, ...content };
}
