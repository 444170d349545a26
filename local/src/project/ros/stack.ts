import { queueOfEndpoint } from '../../smq/spec.ts';
import type { Fields } from '../fields.ts';
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

/** The template's resources as typed values, each checked by itself and against the others. `warnings` takes what has no effect here. */
export function readStack(template: Template, warnings: string[]): Stack {
  const resources = template.resources();
  refuseTwins(resources);
  const of = <Spec>(type: TemplateResource['type'], read: (properties: Fields) => Spec) =>
    resources
      .filter((resource) => resource.type === type)
      .map(({ properties }) => ({ properties, spec: read(properties) }));

  const queues = of('ALIYUN::MNS::Queue', readQueue);
  const topics = of('ALIYUN::MNS::Topic', readTopic);
  const subscriptions = of('ALIYUN::MNS::Subscription', readSubscription);
  const buckets = of('ALIYUN::OSS::Bucket', (properties) => readBucket(properties, warnings));

  const queueNames = queues.map(({ spec }) => spec.name);
  const topicNames = topics.map(({ spec }) => spec.name);
  for (const { properties, spec } of queues) checkDeadLetter(properties, spec, queueNames);
  for (const { properties, spec } of subscriptions) {
    checkSubscription(properties, spec, topicNames, queueNames);
    const policy = properties.get('DlqPolicy');
    if (policy)
      warnings.push(`${policy.source}: ${properties.owner}: DlqPolicy has no effect here`);
  }

  return {
    queues: queues.map(({ spec }) => spec),
    topics: topics.map(({ spec }) => spec),
    subscriptions: subscriptions.map(({ spec }) => spec),
    buckets: buckets.map(({ spec }) => spec),
    roles: readRoles(resources, warnings),
  };
}

function checkDeadLetter(properties: Fields, spec: QueueSpec, queues: readonly string[]): void {
  const target = spec.deadLetter?.queue;
  if (target === undefined) return;
  if (target === spec.name)
    throw properties.fault('DlqPolicy', 'names the queue itself', 'name another queue');
  if (!queues.includes(target))
    throw properties.fault(
      'DlqPolicy',
      `names the queue "${target}", which the template does not have`,
      `name one of ${queues.join(', ')}`,
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

/** Two resources of one type and one name: the cloud would refuse the second. */
function refuseTwins(resources: readonly TemplateResource[]): void {
  const seen = new Map<string, string>();
  for (const { id, type, properties } of resources) {
    if (type === 'ALIYUN::RAM::AttachPolicyToRole') continue;
    const { name } = RESOURCE_TYPES[type];
    const scope = type === 'ALIYUN::MNS::Subscription' ? properties.requireString('TopicName') : '';
    const own = `${type} ${scope} ${properties.requireString(name)}`;
    const other = seen.get(own);
    if (other)
      throw properties.fault(
        name,
        `is "${properties.requireString(name)}", as that of "${other}"`,
        'give it another',
      );
    seen.set(own, id);
  }
}
