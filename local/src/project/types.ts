/** What s.yaml and infra/template.yaml say, as the local cloud reads it. Units as in the files: MB, seconds. */
export interface Project {
  name: string;
  region: string;
  functions: FunctionSpec[];
  queues: QueueSpec[];
  topics: TopicSpec[];
  subscriptions: SubscriptionSpec[];
  buckets: BucketSpec[];
  roles: RoleSpec[];
  /** What s.yaml or the template asks for that has no effect here; each a whole sentence naming file and line. */
  warnings: string[];
}

export interface FunctionSpec {
  /** The deployed name (functionName), with vars filled in. */
  name: string;
  /** The key under `resources` in s.yaml; also the folder's name under functions/ and dist/. */
  resource: string;
  /** Absolute path of the built folder. */
  codeDir: string;
  /** `file.export`, as FC takes it. */
  handler: string;
  runtime: string;
  memorySize: number;
  timeout: number;
  environmentVariables: Record<string, string>;
  /** Name of the role in `roles`; absent when the function has none. */
  role?: string;
  initializer?: { handler: string; timeout: number };
  preStop?: { handler: string; timeout: number };
  triggers: TriggerSpec[];
  /** Absent: FC's defaults. */
  asyncInvoke?: AsyncInvokeSpec;
  /** The commands that s.yaml runs before a deployment (actions, pre-deploy), as written; absent without any. */
  buildCommands?: string[];
  /** Where in s.yaml the function stands, for messages: `s.yaml:12`. */
  source: string;
}

export interface AsyncInvokeSpec {
  /** How often a failed invocation is repeated; 3 when absent. */
  maxRetryAttempts?: number;
  /** Seconds; 86400 when absent. */
  maxEventAge?: number;
  onSuccess?: DestinationSpec;
  onFailure?: DestinationSpec;
}

/** Where the outcome of an asynchronous invocation goes. */
export interface DestinationSpec {
  kind: 'queue' | 'topic' | 'function';
  name: string;
  /** Where in s.yaml it stands. */
  source: string;
}

export type TriggerSpec =
  | HttpTriggerSpec
  | TimerTriggerSpec
  | OssTriggerSpec
  | TopicTriggerSpec
  | QueueTriggerSpec;

export interface HttpTriggerSpec {
  type: 'http';
  name: string;
  authType: 'anonymous' | 'function';
  methods: string[];
}

export interface TimerTriggerSpec {
  type: 'timer';
  name: string;
  /** `@every 5m` or six fields, optionally with `CRON_TZ=<zone> ` in front. */
  cronExpression: string;
  /** Where in s.yaml that stands. */
  source: string;
  enable: boolean;
  payload?: string;
}

interface SourcedTrigger {
  name: string;
  /** Name of the role that the event's source assumes to invoke the function; absent: it is not checked. */
  invocationRole?: string;
  /** Where in s.yaml the trigger stands. */
  source: string;
}

export interface OssTriggerSpec extends SourcedTrigger {
  type: 'oss';
  bucket: string;
  /** `oss:ObjectCreated:PutObject`, `oss:ObjectCreated:*`. */
  events: string[];
  /** Of the object's key; both may be empty. */
  prefix: string;
  suffix: string;
}

export type NotifyStrategy = 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY';

export interface TopicTriggerSpec extends SourcedTrigger {
  type: 'mns_topic';
  topic: string;
  format: 'STREAM' | 'JSON';
  strategy: NotifyStrategy;
  /** Only messages with this very tag; absent: all. */
  filterTag?: string;
}

/** EventBridge with an SMQ queue as its source. */
export interface QueueTriggerSpec extends SourcedTrigger {
  type: 'eventbridge';
  queue: string;
  enable: boolean;
  /** True: the function is invoked asynchronously, and a batch is done once that is accepted. */
  asynchronous: boolean;
  decodeBase64: boolean;
  schema: 'CloudEvents' | 'RawData';
  /** The most messages of one batch, and the seconds it waits for them. */
  batch: { count: number; seconds: number };
  errorsTolerance: 'ALL' | 'NONE';
  strategy: NotifyStrategy;
  deadLetterQueue?: string;
}

export interface QueueSpec {
  name: string;
  delaySeconds?: number;
  maximumMessageSize?: number;
  messageRetentionPeriod?: number;
  visibilityTimeout?: number;
  pollingWaitSeconds?: number;
  deadLetter?: { queue: string; maxReceiveCount: number };
}

export interface TopicSpec {
  name: string;
  maximumMessageSize?: number;
}

export interface SubscriptionSpec {
  name: string;
  topic: string;
  endpoint: string;
  filterTag?: string;
  notifyStrategy?: 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY';
  notifyContentFormat?: 'XML' | 'JSON' | 'SIMPLIFIED' | 'STREAM';
}

export interface BucketSpec {
  name: string;
  acl: 'private' | 'public-read' | 'public-read-write';
  cors?: CorsConfiguration;
  lifecycle?: LifecycleRule[];
}

/** Which pages a browser lets use a bucket; the first rule that fits counts. */
export interface CorsConfiguration {
  rules: CorsRule[];
  /** Whether every answer says that it depends on the Origin. */
  responseVary: boolean;
}

export interface CorsRule {
  /** Each with one `*` at most, which stands for anything. */
  allowedOrigins: string[];
  allowedMethods: string[];
  /** As the origins; case does not matter. */
  allowedHeaders: string[];
  exposeHeaders: string[];
  maxAgeSeconds?: number;
}

/** What is removed by itself: objects, or unfinished uploads, of the keys that start with the prefix. */
export interface LifecycleRule {
  id: string;
  prefix: string;
  enabled: boolean;
  /** Objects must have all of them. */
  tags: [key: string, value: string][];
  expiration?: LifecycleAge;
  abortMultipartUpload?: LifecycleAge;
}

/** How old it has to be: in days, or from before a date (milliseconds since the epoch). */
export type LifecycleAge = { days: number } | { createdBefore: number };

export interface RoleSpec {
  name: string;
  /** Trust policy (AssumeRolePolicyDocument), as in the template. */
  trust: unknown;
  /** Policy documents attached to the role, each with the name it has in the template. */
  policies: { name: string; document: unknown }[];
  /** Longest session that STS grants, in seconds: 3600 to 43200; 3600 when absent. */
  maxSessionDuration?: number;
}
