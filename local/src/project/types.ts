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

/**
 * The contents of s.yaml and the templates that it names, as the local cloud reads them. Units as
 * in the files: MB, seconds.
 */
export interface Project {
  name: string;
  region: string;
  functions: FunctionSpec[];
  queues: QueueSpec[];
  topics: TopicSpec[];
  subscriptions: SubscriptionSpec[];
  buckets: BucketSpec[];
  roles: RoleSpec[];
  /**
   * Settings of s.yaml or the template that have no effect here; each a whole sentence with file
   * and line.
   */
  warnings: string[];
  /** Functions and triggers that cannot run here; the rest runs. Absent: none. */
  leftOut?: LeftOut[];
  /**
   * Resources that a trigger or a destination names but no template declares: they are created.
   * Absent: none.
   */
  created?: CreatedResource[];
}

/** A function or a trigger that is not run. */
export interface LeftOut {
  /** `Function "thumbnails"`, `Trigger "cdn" of "thumbnails"`. */
  what: string;
  /** Key of the function under `resources`. */
  resource: string;
  /** Its place: `s.yaml:12`. */
  source: string;
  reason: string;
  remedy: string;
}

export interface CreatedResource {
  kind: 'queue' | 'topic' | 'bucket';
  name: string;
  /** Place that names it: `s.yaml:12`. */
  source: string;
}

/** How a function's process is started and called. */
export type RuntimeKind = 'node' | 'python' | 'custom';

/** A custom runtime: the function's own server. */
export interface CustomRuntimeSpec {
  /** Program and arguments; absent: `./bootstrap` in the code. */
  command?: string[];
  args?: string[];
  /** Port of the program; 9000 unless customRuntimeConfig names another. */
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
  /** A command line for a shell. */
  run: string;
  /** Absolute path of its working directory. */
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
  /** `file.export`, in FC's form. */
  handler: string;
  /** As s.yaml names it: `nodejs20`, `python3.10`, `custom.debian12`. */
  runtime: string;
  /** Absent: node. */
  runtimeKind?: RuntimeKind;
  /** Only for a custom runtime. */
  custom?: CustomRuntimeSpec;
  /** Requests that one instance takes at a time, 1 to 200, on a custom runtime; default 1. */
  instanceConcurrency?: number;
  /** Steps that s.yaml runs before a deployment, in order. Absent: none. */
  buildSteps?: BuildStep[];
  memorySize: number;
  timeout: number;
  environmentVariables: Record<string, string>;
  /** Name of the role in `roles`; absent when the function has none. */
  role?: string;
  /** `handler` is empty where `command` is given, as custom runtimes allow. */
  initializer?: { handler: string; timeout: number; command?: string[] };
  preStop?: { handler: string; timeout: number };
  triggers: TriggerSpec[];
  /** Absent: FC's defaults. */
  asyncInvoke?: AsyncInvokeSpec;
  /**
   * The commands that s.yaml runs before a deployment (actions, pre-deploy), as written; absent
   * when there are none.
   */
  buildCommands?: string[];
  /** Place of the function in s.yaml, for messages: `s.yaml:12`. */
  source: string;
}

export interface AsyncInvokeSpec {
  /** How often a failed invocation is retried; default 3. */
  maxRetryAttempts?: number;
  /** Seconds; default 86400. */
  maxEventAge?: number;
  onSuccess?: DestinationSpec;
  onFailure?: DestinationSpec;
}

/** The destination for the outcome of an asynchronous invocation. */
export interface DestinationSpec {
  kind: 'queue' | 'topic' | 'function';
  name: string;
  /** Its place in s.yaml. */
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
  /** For authType jwt: authConfig as in s.yaml, with JSON in a text parsed. */
  authConfig?: unknown;
  /** The trigger's own; absent: the gateway's default. */
  cors?: TriggerCors;
  /** Place of the trigger in s.yaml. */
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
  /** `@every 5m` or six fields, optionally after `CRON_TZ=<zone> `. */
  cronExpression: string;
  /** Its place in s.yaml. */
  source: string;
  enable: boolean;
  payload?: string;
}

interface SourcedTrigger {
  name: string;
  /** Name of the role that the event's source assumes to invoke the function; absent: no check. */
  invocationRole?: string;
  /** Place of the trigger in s.yaml. */
  source: string;
}

export interface OssTriggerSpec extends SourcedTrigger {
  type: 'oss';
  bucket: string;
  /** `oss:ObjectCreated:PutObject`, `oss:ObjectCreated:*`. */
  events: string[];
  /** Filter on the object's key; both may be empty. */
  prefix: string;
  suffix: string;
}

export interface TopicTriggerSpec extends SourcedTrigger {
  type: 'mns_topic';
  topic: string;
  format: 'STREAM' | 'JSON';
  strategy: NotifyStrategy;
  /** Only messages with exactly this tag; absent: all. */
  filterTag?: string;
}

/** EventBridge with an SMQ queue as its source. */
export interface QueueTriggerSpec extends SourcedTrigger {
  type: 'eventbridge';
  queue: string;
  enable: boolean;
  /**
   * True: the function is invoked asynchronously, and a batch is done once the event is accepted.
   */
  asynchronous: boolean;
  decodeBase64: boolean;
  schema: 'CloudEvents' | 'RawData';
  /** Maximum number of messages of one batch, and the seconds it waits for them. */
  batch: { count: number; seconds: number };
  errorsTolerance: 'ALL' | 'NONE';
  strategy: NotifyStrategy;
  deadLetterQueue?: string;
}
