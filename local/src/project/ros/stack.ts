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

/** The template's resources as typed values, each checked by itself and against the others. One with a fault is not made, which is warned of, as is what has no effect here. */
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
      const checked = findings.made(`DlqPolicy of "${id}"`, () =>
        checkDeadLetter(properties, spec, queueNames),
      );
      return checked.length > 0 && deadLetter ? { ...rest, deadLetter } : rest;
    }),
    topics: topics.map(({ spec }) => spec),
    subscriptions: subscriptions.flatMap(({ id, properties, spec }) =>
      findings.made(`Resource "${id}"`, () => {
        checkSubscription(properties, spec, topicNames, queueNames);
        const policy = properties.get('DlqPolicy');
        if (policy)
          findings.warn(policy.source, `${properties.owner}: DlqPolicy has no effect here`);
        return spec;
      }),
    ),
    buckets: buckets.map(({ spec }) => spec),
    roles: readRoles(resources, findings),
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

/** Of two resources of one type and one name the first: the cloud would refuse the second. */
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
