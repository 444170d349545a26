import type { RoleSpec } from '../identities/role-spec.ts';
import type { BucketSpec } from '../oss/spec.ts';
import type { NotifyStrategy } from '../retry-schedule.ts';
import type { QueueSpec, SubscriptionSpec, TopicSpec } from '../smq/spec.ts';

export type { RoleSpec } from '../identities/role-spec.ts';
export type {
  BucketSpec,
  CorsConfiguration,
  CorsRule,
  LifecycleAge,
  LifecycleRule,
} from '../oss/spec.ts';
export type { NotifyStrategy } from '../retry-schedule.ts';
export type { QueueSpec, SubscriptionSpec, TopicSpec } from '../smq/spec.ts';

/** What s.yaml and the templates that it names say, as the local cloud reads it. Units as in the files: MB, seconds. */
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
  /** Functions and triggers that cannot run here; the rest runs. Absent: none. */
  leftOut?: LeftOut[];
  /** Resources that no template declares and that a trigger or a destination names: they are made. Absent: none. */
  created?: CreatedResource[];
}

/** A function or a trigger that is not run. */
export interface LeftOut {
  /** `Function "thumbnails"`, `Trigger "cdn" of "thumbnails"`. */
  what: string;
  /** Key of the function under `resources`. */
  resource: string;
  /** Where it stands: `s.yaml:12`. */
  source: string;
  reason: string;
  remedy: string;
}

export interface CreatedResource {
  kind: 'queue' | 'topic' | 'bucket';
  name: string;
  /** What names it: `s.yaml:12`. */
  source: string;
}

/** How a function's process is started and spoken to. */
export type RuntimeKind = 'node' | 'python' | 'custom';

/** A custom runtime: a server of the function's own. */
export interface CustomRuntimeSpec {
  /** Program and arguments; absent: `./bootstrap` in the code. */
  command?: string[];
  args?: string[];
  /** Where the program listens; 9000 unless customRuntimeConfig says otherwise. */
  port: number;
  healthCheck?: {
    httpGetUrl: string;
    /** Seconds. */
    initialDelaySeconds: number;
    periodSeconds: number;
    timeoutSeconds: number;
    failureThreshold: number;
    successThreshold: number;
  };
}

/** One step of actions.pre-deploy. */
export interface BuildStep {
  /** A command line, as a shell takes it. */
  run: string;
  /** Absolute path of the folder that it runs in. */
  path: string;
  source: string;
}

export interface FunctionSpec {
  /** The deployed name (functionName), with vars filled in. */
  name: string;
  /** The key under `resources` in s.yaml. */
  resource: string;
  /** Absolute path of the built folder, or of a zip file. */
  codeDir: string;
  /** `file.export`, as FC takes it. */
  handler: string;
  /** As s.yaml names it: `nodejs20`, `python3.10`, `custom.debian12`. */
  runtime: string;
  /** Absent: node. */
  runtimeKind?: RuntimeKind;
  /** Of a custom runtime. */
  custom?: CustomRuntimeSpec;
  /** Requests that one instance takes at a time, 1 to 200, on a custom runtime; 1 when absent. */
  instanceConcurrency?: number;
  /** What s.yaml runs before a deployment, in order. Absent: nothing. */
  buildSteps?: BuildStep[];
  memorySize: number;
  timeout: number;
  environmentVariables: Record<string, string>;
  /** Name of the role in `roles`; absent when the function has none. */
  role?: string;
  /** `handler` is empty where `command` is given, as custom runtimes may. */
  initializer?: { handler: string; timeout: number; command?: string[] };
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
  authType: 'anonymous' | 'function' | 'jwt';
  methods: string[];
  /** Of authType jwt: authConfig as s.yaml gives it, JSON in a text parsed. */
  authConfig?: unknown;
  /** Of the trigger; absent: the gateway's default. */
  cors?: TriggerCors;
  /** Where in s.yaml the trigger stands. */
  source?: string;
}

/** corsConfig of an HTTP trigger. */
export interface TriggerCors {
  allowCredentials?: boolean;
  allowOrigins?: string[];
  allowHeaders?: string[];
  allowMethods?: string[];
  exposeHeaders?: string[];
  /** Seconds. */
  maxAge?: number;
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
