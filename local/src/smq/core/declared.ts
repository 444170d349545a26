import { SmqError } from '../errors.ts';
import type { QueueSpec, SubscriptionSpec, TopicSpec } from '../spec.ts';
import { QUEUE_DEFAULTS, TOPIC_DEFAULTS } from './attributes.ts';
import type { Created, Queues } from './queues.ts';
import type { Topics } from './topics.ts';

/** Resources that the project's files declare. */
export interface Declared {
  queues?: readonly QueueSpec[];
  topics?: readonly TopicSpec[];
  subscriptions?: readonly SubscriptionSpec[];
}

/**
 * Creates the declared queues, topics and subscriptions that do not exist, changes those that
 * differ, and leaves the others alone. Absent values are the defaults.
 */
export async function applyDeclared(
  declared: Declared,
  queues: Queues,
  topics: Topics,
): Promise<void> {
  for (const { name, deadLetter: _, ...attributes } of declared.queues ?? []) {
    const wanted = { ...QUEUE_DEFAULTS, ...attributes };
    await ensure(
      () => queues.create(name, wanted),
      () => queues.setAttributes(name, wanted),
    );
  }
  for (const { name, deadLetter } of declared.queues ?? [])
    await queues.setDeadLetter(name, deadLetter);
  for (const { name, ...attributes } of declared.topics ?? []) {
    const wanted = { ...TOPIC_DEFAULTS, ...attributes };
    await ensure(
      () => topics.create(name, wanted),
      () => topics.setAttributes(name, wanted),
    );
  }
  for (const { name, topic, ...subscription } of declared.subscriptions ?? [])
    await topics.putSubscription(topic, name, subscription);
}

async function ensure(create: () => Promise<Created>, change: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof SmqError) || error.status !== 409) throw error;
    await change();
  }
}
