import { MESSAGE_SIZE } from '../../smq/limits.ts';
import { queueOfEndpoint } from '../../smq/spec.ts';
import type { Fields } from '../fields.ts';
import type { Findings } from '../findings.ts';
import type { BucketSpec, QueueSpec, RoleSpec, SubscriptionSpec, TopicSpec } from '../types.ts';
import { readBucket } from './bucket.ts';
import { readQueue, readSubscription, readTopic } from './messaging.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import { readRoles } from './roles.ts';
import type { Template, TemplateResource } from './template.ts';

export interface Stack {
  queues: QueueSpec[];
  topics: TopicSpec[];
  subscriptions: SubscriptionSpec[];
  buckets: BucketSpec[];
  roles: RoleSpec[];
}

/**
 * Reads the template's resources as typed values, each checked by itself and against the others.
 * Warns of one with an error, which is not created, and of what has no effect here.
 */
export function readStack(template: Template, findings: Findings): Stack {
  const resources = withoutTwins(template.resources(), findings);
  const of = <Spec>(type: TemplateResource['type'], read: (properties: Fields) => Spec) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap(({ id, properties }) =>
        findings.made(`Resource "${id}"`, () => ({ id, properties, spec: read(properties) })),
      );

  const queues = of('ALIYUN::MNS::Queue', readQueue);
  const topics = of('ALIYUN::MNS::Topic', readTopic);
  const subscriptions = of('ALIYUN::MNS::Subscription', readSubscription);
  const buckets = of('ALIYUN::OSS::Bucket', (properties) => readBucket(properties, findings.warn));

  const queueNames = queues.map(({ spec }) => spec.name);
  const topicNames = topics.map(({ spec }) => spec.name);
  return {
    queues: queues.map(({ id, properties, spec }) => {
      const { deadLetter, ...rest } = spec;
      const checked = findings.made(`DlqPolicy of "${id}"`, () => {
        if (deadLetter?.queue === spec.name)
          throw properties.fault('DlqPolicy', 'names the queue itself', 'name another queue');
        checkDeadLetterQueue(properties, deadLetter?.queue, queueNames);
      });
      return checked.length > 0 && deadLetter ? { ...rest, deadLetter } : rest;
    }),
    topics: topics.map(({ spec }) => spec),
    subscriptions: subscriptions.flatMap(({ id, properties, spec }) =>
      findings.made(`Resource "${id}"`, () => {
        const { deadLetterQueue, ...rest } = spec;
        checkSubscription(properties, spec, topicNames, queueNames);
        checkSize(properties, spec, topics, queues);
        const checked = findings.made(`DlqPolicy of "${id}"`, () =>
          checkDeadLetterQueue(properties, deadLetterQueue, queueNames),
        );
        return checked.length > 0 ? spec : rest;
      }),
    ),
    buckets: buckets.map(({ spec }) => spec),
    roles: readRoles(resources, findings),
  };
}

function checkDeadLetterQueue(
  properties: Fields,
  target: string | undefined,
  queues: readonly string[],
): void {
  if (target === undefined || queues.includes(target)) return;
  throw properties.fault(
    'DlqPolicy',
    `names the queue "${target}", which the template does not have`,
    `name one of ${queues.join(', ') || 'its queues'}`,
  );
}

/**
 * Throws for a subscription of a queue whose maximum size is smaller than its topic's, as the
 * service does.
 */
function checkSize(
  properties: Fields,
  { topic, endpoint }: SubscriptionSpec,
  topics: readonly { spec: TopicSpec }[],
  queues: readonly { spec: QueueSpec }[],
): void {
  const name = queueOfEndpoint(endpoint);
  const queue = queues.find(({ spec }) => spec.name === name);
  if (!queue) return;
  const { maximumMessageSize: taken = MESSAGE_SIZE.max } = queue.spec;
  const given = topics.find(({ spec }) => spec.name === topic)?.spec.maximumMessageSize;
  if (taken < (given ?? MESSAGE_SIZE.max))
    throw properties.fault(
      'Endpoint',
      `names the queue "${name}", whose MaximumMessageSize of ${taken} is below that of the topic, ${given ?? MESSAGE_SIZE.max}`,
      'give the queue as much as the topic, or the topic less',
    );
}

function checkSubscription(
  properties: Fields,
  spec: SubscriptionSpec,
  topics: readonly string[],
  queues: readonly string[],
): void {
  if (!topics.includes(spec.topic))
    throw properties.fault(
      'TopicName',
      `is "${spec.topic}", which the template does not have`,
      `name one of ${topics.join(', ') || 'its topics'}`,
    );
  const queue = queueOfEndpoint(spec.endpoint);
  if (queue === undefined && !/^https?:\/\/./.test(spec.endpoint))
    throw properties.fault(
      'Endpoint',
      `is "${spec.endpoint}"`,
      'write acs:mns:<region>:<account>:queues/<name>, or an http address',
    );
  if (queue !== undefined && !queues.includes(queue))
    throw properties.fault(
      'Endpoint',
      `names the queue "${queue}", which the template does not have`,
      `name one of ${queues.join(', ') || 'its queues'}`,
    );
}

/** Keeps the first of two resources of one type and one name: the cloud would refuse the second. */
function withoutTwins(
  resources: readonly TemplateResource[],
  findings: Findings,
): TemplateResource[] {
  const seen = new Map<string, string>();
  return resources.flatMap((resource) =>
    findings.made(`Resource "${resource.id}"`, () => {
      const { id, type, properties } = resource;
      if (type === 'ALIYUN::RAM::AttachPolicyToRole') return resource;
      const { name } = RESOURCE_TYPES[type];
      const scope =
        type === 'ALIYUN::MNS::Subscription' ? properties.requireString('TopicName') : '';
      const own = `${type} ${scope} ${properties.requireString(name)}`;
      const other = seen.get(own);
      if (other)
        throw properties.fault(
          name,
          `is "${properties.requireString(name)}", as that of "${other}"`,
          'give it another',
        );
      seen.set(own, id);
      return resource;
    }),
  );
}
