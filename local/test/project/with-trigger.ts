import { type Files, oneFunction, oneStack } from './project-folder.ts';

export const RESOURCES = `
Orders:
  Type: ALIYUN::MNS::Queue
  Properties: { QueueName: orders }
Dead:
  Type: ALIYUN::MNS::Queue
  Properties: { QueueName: orders-dead }
News:
  Type: ALIYUN::MNS::Topic
  Properties: { TopicName: news }
Photos:
  Type: ALIYUN::OSS::Bucket
  Properties: { BucketName: photos }
Invoker:
  Type: ALIYUN::RAM::Role
  Properties:
    RoleName: invoker
    AssumeRolePolicyDocument:
      Version: '1'
      Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: [oss.aliyuncs.com] } }]
`;

export const EVENTBRIDGE = `{ triggerEnable: true, asyncInvocationType: false, eventRuleFilterPattern: '{}',
  eventSourceConfig: { eventSourceType: MNS, eventSourceParameters: { sourceMNSParameters:
    { RegionId: cn-hangzhou, QueueName: orders, IsBase64Decode: false } } },
  eventSinkConfig: { deliveryOption: { eventSchema: RawData } },
  runOptions: { mode: event-streaming, errorsTolerance: NONE,
    retryStrategy: { PushRetryStrategy: EXPONENTIAL_DECAY_RETRY },
    deadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:42:/queues/orders-dead' },
    batchWindow: { CountBasedWindow: 10, TimeBasedWindow: 5 } } }`;

/** Returns a function with one trigger, in a project with a queue, a topic, a bucket and a role. */
export function withTrigger(type: string, config: string, rest = ''): Files {
  const stack = oneStack(RESOURCES);
  const fn = oneFunction(
    `triggers: [{ triggerName: t, triggerType: ${type}, ${rest} triggerConfig: ${config.replaceAll('\n', ' ')} }]`,
  );
  const infra = (stack['s.yaml'] ?? '').split('resources:\n')[1];
  return { ...stack, 's.yaml': `${fn['s.yaml']}${infra}` };
}

export const OSS =
  "{ events: ['oss:ObjectCreated:PutObject'], filter: { key: { prefix: in/, suffix: '' } } }";
export const BUCKET = "sourceArn: 'acs:oss:cn-hangzhou:42:photos',";
export const TOPIC = "sourceArn: 'acs:mns:cn-hangzhou:42:/topics/news',";
