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
  /** Where in s.yaml the function stands, for messages: `s.yaml:12`. */
  source: string;
}

export type TriggerSpec = HttpTriggerSpec | TimerTriggerSpec | OtherTriggerSpec;

export interface HttpTriggerSpec {
  type: 'http';
  name: string;
  authType: 'anonymous' | 'function' | 'jwt';
  methods: string[];
}

export interface TimerTriggerSpec {
  type: 'timer';
  name: string;
  /** `@every 5m` or six fields, optionally with `CRON_TZ=<zone> ` in front. */
  cronExpression: string;
  enable: boolean;
  payload?: string;
}

/** A trigger type that the project reader accepts and the runtime does not run yet. */
export interface OtherTriggerSpec {
  type: 'oss' | 'mns_topic' | 'eventbridge';
  name: string;
  config: Record<string, unknown>;
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
