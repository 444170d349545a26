/**
 * How the local cloud treats a property of s.yaml: reads it; warns that it has an effect only in
 * the cloud; ignores it, as it has no meaning on one machine; or leaves its owner out.
 */
export type Treatment = 'read' | 'no effect' | 'no meaning' | 'left out';

/** The properties of a map; a nested table is read key by key. */
export interface PropsTable {
  readonly [property: string]: Treatment | PropsTable;
}

const HEALTH_CHECK: PropsTable = {
  failureThreshold: 'read',
  httpGetUrl: 'read',
  initialDelaySeconds: 'read',
  periodSeconds: 'read',
  successThreshold: 'read',
  timeoutSeconds: 'read',
};

/** Every property of a function, as the component fc3 and its documentation name them. */
export const FUNCTION_PROPS: PropsTable = {
  annotations: 'no meaning',
  artifact: 'no effect',
  asyncInvokeConfig: {
    asyncTask: 'no effect',
    destinationConfig: {
      onFailure: { destination: 'read' },
      onSuccess: { destination: 'read' },
    },
    maxAsyncEventAgeInSeconds: 'read',
    maxAsyncRetryAttempts: 'read',
    qualifier: 'no meaning',
  },
  code: { ossBucketName: 'left out', ossObjectName: 'left out', src: 'read' },
  concurrencyConfig: 'no effect',
  cpu: 'no meaning',
  customContainerConfig: 'no effect',
  customDNS: 'no effect',
  customDomain: 'no effect',
  customRuntimeConfig: {
    args: 'read',
    command: 'read',
    healthCheckConfig: HEALTH_CHECK,
    port: 'read',
  },
  description: 'no meaning',
  disableInjectCredentials: 'no effect',
  disableOndemand: 'no effect',
  diskSize: 'no meaning',
  enableLongLiving: 'no effect',
  endpoint: 'no meaning',
  environmentVariables: 'read',
  functionName: 'read',
  gpuConfig: 'no effect',
  handler: 'read',
  idleTimeout: 'no effect',
  instanceConcurrency: 'read',
  instanceIsolationMode: 'no effect',
  instanceLifecycleConfig: {
    initializer: { command: 'read', handler: 'read', timeout: 'read' },
    preStop: { command: 'no effect', handler: 'read', timeout: 'read' },
  },
  internetAccess: 'no meaning',
  layers: 'no effect',
  logConfig: 'no meaning',
  memorySize: 'read',
  microSandboxConfig: 'no effect',
  nasConfig: 'no effect',
  ossMountConfig: 'no effect',
  provisionConfig: 'no effect',
  region: 'read',
  resourceGroupId: 'no meaning',
  role: 'read',
  runtime: 'read',
  scalingConfig: 'no effect',
  sessionAffinity: 'no effect',
  sessionAffinityConfig: 'no effect',
  supplement: 'no meaning',
  tags: 'no meaning',
  timeout: 'read',
  tracingConfig: 'no effect',
  triggers: 'read',
  vpcBinding: 'no effect',
  vpcConfig: 'no effect',
};

/** Every property of a trigger except those of its triggerConfig. */
export const TRIGGER_PROPS: PropsTable = {
  description: 'no meaning',
  invocationRole: 'read',
  qualifier: 'read',
  sourceArn: 'read',
  triggerConfig: 'read',
  triggerName: 'read',
  triggerType: 'read',
};

/** Every property of a triggerConfig by the trigger's type; a trigger of another type is left out. */
export const TRIGGER_CONFIGS: Readonly<Record<string, PropsTable | 'left out'>> = {
  cdn_events: 'left out',
  eventbridge: {
    asyncInvocationType: 'read',
    eventRuleFilterPattern: 'read',
    eventSinkConfig: {
      deliveryOption: { concurrency: 'no effect', eventSchema: 'read', mode: 'read' },
    },
    eventSourceConfig: {
      eventSourceParameters: {
        sourceDTSParameters: 'left out',
        sourceKafkaParameters: 'left out',
        sourceMNSParameters: {
          IsBase64Decode: 'read',
          PollingConfig: 'no effect',
          QueueName: 'read',
          RegionId: 'no meaning',
        },
        sourceMQTTParameters: 'left out',
        sourceRabbitMQParameters: 'left out',
        sourceRocketMQParameters: 'left out',
        sourceSLSParameters: 'left out',
      },
      eventSourceType: 'read',
    },
    runOptions: {
      batchWindow: { CountBasedWindow: 'read', TimeBasedWindow: 'read' },
      deadLetterQueue: {
        Arn: 'read',
        Network: 'no meaning',
        SecurityGroupId: 'no meaning',
        VSwitchIds: 'no meaning',
        VpcId: 'no meaning',
      },
      errorsTolerance: 'read',
      maximumTasks: 'no effect',
      mode: 'read',
      retryStrategy: {
        MaximumEventAgeInSeconds: 'no effect',
        MaximumRetryAttempts: 'no effect',
        PushRetryStrategy: 'read',
      },
    },
    triggerEnable: 'read',
  },
  http: {
    authConfig: 'read',
    authType: 'read',
    corsConfig: {
      allowCredentials: 'read',
      allowHeaders: 'read',
      allowMethods: 'read',
      allowOrigins: 'read',
      exposeHeaders: 'read',
      maxAge: 'read',
    },
    disableURLInternet: 'no meaning',
    methods: 'read',
  },
  log: 'left out',
  mns_topic: {
    filterTag: 'read',
    notifyContentFormat: 'read',
    notifyStrategy: 'read',
    region: 'no meaning',
    topicName: 'no meaning',
  },
  oss: { events: 'read', filter: { key: { prefix: 'read', suffix: 'read' } } },
  tablestore: 'left out',
  timer: { cronExpression: 'read', enable: 'read', payload: 'read' },
};
