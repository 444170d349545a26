import type { Property } from '../properties.ts';
import type { MessageContent } from './message.ts';

/** Account and region of a resource, which its ARN contains. */
export interface Place {
  region: string;
  accountId: string;
}

/** The queue or subscription that gave a message up. */
export type DeadLetterSource =
  | { kind: 'queue'; queue: string }
  | { kind: 'subscription'; topic: string; subscription: string };

const PROPERTY_NAMES = ['DLQMessageType', 'DLQSourceArn', 'DLQOriginMessageId'] as const;

/** Returns the same content as if sent now, and not as a dead letter. */
export function copyNow(content: MessageContent, now: number): MessageContent {
  const { deadLetterOf: _, systemProperties: present, ...rest } = content;
  const systemProperties = liveProperties(present);
  return { ...rest, enqueueTime: now, ...(systemProperties && { systemProperties }) };
}

/**
 * Returns the same content as a dead letter of that queue. It keeps its sending time: the retention
 * period continues and does not restart (page dead-letter-queue). Whether the real service gives it
 * another id is not documented; here it keeps its own.
 */
export function deadLetterCopy(
  content: MessageContent,
  queue: string,
  place: Place,
): MessageContent {
  const { id, systemProperties } = content;
  const source = { kind: 'queue', queue } as const;
  return {
    ...content,
    systemProperties: deadLetterProperties(systemProperties, source, place, id),
    deadLetterOf: queue,
  };
}

/**
 * Returns the system properties of a dead letter: those it has, and the three that name what gave
 * it up (page dead-letter-queue; the names are in the official Java SDK). That page gives neither
 * the values of DLQMessageType nor the form of the ARN: the values here are this server's choice,
 * and the ARN has the form that permission policies use.
 */
export function deadLetterProperties(
  present: readonly Property[] | undefined,
  source: DeadLetterSource,
  { region, accountId }: Place,
  originMessageId: string,
): Property[] {
  const path =
    source.kind === 'queue'
      ? `/queues/${source.queue}`
      : `/topics/${source.topic}/subscriptions/${source.subscription}`;
  const values = [
    source.kind.toUpperCase(),
    `acs:mns:${region}:${accountId}:${path}`,
    originMessageId,
  ];
  const added = PROPERTY_NAMES.map(
    (name, i): Property => ({ name, value: values[i] ?? '', type: 'STRING' }),
  );
  return [...(liveProperties(present) ?? []), ...added];
}

/**
 * Returns the system properties of a message that is no longer a dead letter; undefined when none
 * are left.
 */
function liveProperties(present: readonly Property[] | undefined): Property[] | undefined {
  const left = present?.filter(({ name }) => !PROPERTY_NAMES.some((known) => known === name));
  return left && left.length > 0 ? left : undefined;
}
