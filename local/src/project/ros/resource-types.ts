/** Account and region of a stack, for attributes and pseudo parameters. */
export interface Place {
  region: string;
  accountId: string;
  stackName: string;
}

export interface ResourceType {
  /** Every property that ROS knows; any other is an error. */
  properties: readonly string[];
  /** The property that names the resource. */
  name: string;
  /** Attributes for Fn::GetAtt, from the resource's name. */
  attributes: Record<string, (name: string, place: Place) => string>;
}

const itself = (name: string): string => name;

/** The resource types that the local cloud creates, with the names of the ROS reference. */
export const RESOURCE_TYPES = {
  'ALIYUN::MNS::Queue': {
    properties: [
      'QueueName',
      'DelaySeconds',
      'DlqPolicy',
      'LoggingEnabled',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'PollingWaitSeconds',
      'Tags',
      'VisibilityTimeout',
    ],
    name: 'QueueName',
    attributes: {
      QueueName: itself,
      QueueUrl: (name, place) => `${smqUrl(place)}/queues/${name}`,
      'ARN.WithSlash': (name, { region, accountId }) =>
        `acs:mns:${region}:${accountId}:/queues/${name}`,
    },
  },
  'ALIYUN::MNS::Topic': {
    properties: ['TopicName', 'LoggingEnabled', 'MaximumMessageSize', 'Tags'],
    name: 'TopicName',
    attributes: {
      TopicName: itself,
      TopicUrl: (name, place) => `${smqUrl(place)}/topics/${name}`,
      'ARN.WithSlash': (name, { region, accountId }) =>
        `acs:mns:${region}:${accountId}:/topics/${name}`,
    },
  },
  'ALIYUN::MNS::Subscription': {
    properties: [
      'SubscriptionName',
      'TopicName',
      'DlqPolicy',
      'Endpoint',
      'FilterTag',
      'NotifyContentFormat',
      'NotifyStrategy',
      'PushType',
    ],
    name: 'SubscriptionName',
    attributes: { SubscriptionName: itself },
  },
  'ALIYUN::OSS::Bucket': {
    properties: [
      'BucketName',
      'AccessControl',
      'BlockPublicAccess',
      'CORSConfiguration',
      'DeletionForce',
      'EnableOssHdfsService',
      'LifecycleConfiguration',
      'LoggingConfiguration',
      'Policy',
      'RedundancyType',
      'RefererConfiguration',
      'ResourceGroupId',
      'ServerSideEncryptionConfiguration',
      'StorageClass',
      'Tags',
      'VersioningConfiguration',
      'WebsiteConfigurationV2',
    ],
    name: 'BucketName',
    attributes: {
      Name: itself,
      DomainName: (name, { region }) => `${name}.oss-${region}.aliyuncs.com`,
      InternalDomainName: (name, { region }) => `${name}.oss-${region}-internal.aliyuncs.com`,
    },
  },
  'ALIYUN::RAM::Role': {
    properties: [
      'RoleName',
      'AssumeRolePolicyDocument',
      'DeletionForce',
      'Description',
      'IgnoreExisting',
      'MaxSessionDuration',
      'Policies',
      'PolicyAttachments',
      'Tags',
    ],
    name: 'RoleName',
    attributes: {
      RoleName: itself,
      Arn: (name, { accountId }) => `acs:ram::${accountId}:role/${name}`,
    },
  },
  'ALIYUN::RAM::ManagedPolicy': {
    properties: [
      'PolicyName',
      'Description',
      'Groups',
      'IgnoreExisting',
      'PolicyDocument',
      'PolicyDocumentUnchecked',
      'Roles',
      'Users',
    ],
    name: 'PolicyName',
    attributes: { PolicyName: itself },
  },
  'ALIYUN::RAM::AttachPolicyToRole': {
    properties: ['PolicyName', 'PolicyType', 'RoleName'],
    name: 'PolicyName',
    attributes: {},
  },
} as const satisfies Record<string, ResourceType>;

export type ResourceTypeName = keyof typeof RESOURCE_TYPES;

export function isResourceType(name: string): name is ResourceTypeName {
  return Object.hasOwn(RESOURCE_TYPES, name);
}

function smqUrl({ region, accountId }: Place): string {
  return `http://${accountId}.mns.${region}.aliyuncs.com`;
}
