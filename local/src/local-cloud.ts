import type { Clock } from './clock.ts';
import type { ConsoleServer } from './console/server.ts';
import type { ChooseFault } from './faults.ts';
import type { ContextCredentials } from './fc/context.ts';
import type { FcRuntime, LogLine } from './fc/runtime.ts';
import type { Identities } from './identities/identities.ts';
import type { TemporaryCredentials } from './identities/types.ts';
import type { OpenApiServer } from './openapi/server.ts';
import type { OssServer } from './oss/server.ts';
import type { Project } from './project/types.ts';
import type { SmqServer } from './smq/server.ts';

/** Settings for a test or a tool, besides the options for users. */
export interface LocalCloudHooks {
  /** Default: the real time. */
  clock?: Clock;
  /** Called with each line that a function prints. */
  onLog?(line: LogLine): void;
  /**
   * Called with each line about the cloud's activity: a build, another port, a function deployed
   * again.
   */
  onProgress?(line: string): void;
  /**
   * Aborting it before the cloud is up ends the start, and a build with it; started services are
   * stopped, and `startLocalCloud` rejects with the signal's reason.
   */
  stopped?: AbortSignal;
  /** Changes the credential that an invocation gets, to test the effect of a wrong one. */
  tamper?(credentials: TemporaryCredentials): ContextCredentials;
  /**
   * Chooses a fault for each request to SMQ, OSS and the OpenAPIs, instead of the option of that
   * name.
   */
  faults?: ChooseFault;
}

/** A listening service of the local cloud. */
export interface Service {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
}

/** A running account: its services, its functions, its roles. */
export interface LocalCloud {
  /** The project as read from s.yaml and the template; absent without a project. */
  project: Project | undefined;
  accountId: string;
  region: string;
  /**
   * Key pair of the RAM user who may do everything. The account's own key pair is given to no one,
   * as it should be.
   */
  accessKey: { accessKeyId: string; accessKeySecret: string };
  smq: Service;
  oss: Service;
  /** STS and mPaaS, the metadata service under /latest/ and a credentials URI at /credentials. */
  openapi: Service;
  /** Absent when the functions were left out. */
  fc: FcRuntime | undefined;
  /** Absent unless requested. */
  console: Service | undefined;
  /** The variables by which clients find this cloud; every function has them in its environment. */
  environment: Record<string, string>;
  /**
   * Issues a fresh credential of the role of that function (by its name or its key in s.yaml), as
   * FC would pass it. Throws an Error for a function without a role.
   */
  credentialsOf(functionName: string): TemporaryCredentials;
  /** Stops everything that was started, in reverse order. */
  close(): Promise<void>;
}

/** The cloud from inside: also the services themselves, without HTTP, signatures and policies. */
export interface RunningCloud extends LocalCloud {
  identities: Identities;
  smq: SmqServer;
  oss: OssServer;
  openapi: OpenApiServer;
  console: ConsoleServer | undefined;
}
