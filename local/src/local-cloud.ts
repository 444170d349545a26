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

/** What a test or a tool sets besides the options a person gives. */
export interface LocalCloudHooks {
  /** Default: the real time. */
  clock?: Clock;
  /** Called with each line that a function prints. */
  onLog?(line: LogLine): void;
  /** Called with each line that says what the cloud does: a build, another port, a function deployed anew. */
  onProgress?(line: string): void;
  /** Aborted before the cloud is up: the start ends, a build with it, what had been started is stopped, and `startLocalCloud` rejects with the signal's reason. */
  stopped?: AbortSignal;
  /** Changes the credential that an invocation gets, to see what a wrong one does. */
  tamper?(credentials: TemporaryCredentials): ContextCredentials;
  /** Chooses what goes wrong with each request to SMQ, OSS and the OpenAPIs, instead of the option of that name. */
  faults?: ChooseFault;
}

/** Where a service of the local cloud listens. */
export interface Service {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
}

/** A running account: its services, its functions, its roles. */
export interface LocalCloud {
  /** What was read from s.yaml and the template; absent without a project. */
  project: Project | undefined;
  accountId: string;
  region: string;
  /** Key pair of the RAM user who may do everything. The account's own pair is handed to no one, as it should be. */
  accessKey: { accessKeyId: string; accessKeySecret: string };
  smq: Service;
  oss: Service;
  /** STS and mPaaS, the metadata service under /latest/ and a credentials URI at /credentials. */
  openapi: Service;
  /** Absent when the functions were left out. */
  fc: FcRuntime | undefined;
  /** Absent unless it was asked for. */
  console: Service | undefined;
  /** The variables by which clients find this cloud; every function has them in its environment. */
  environment: Record<string, string>;
  /** Issues a fresh credential of the role of that function (by its name or its key in s.yaml), as FC would hand it over. Throws an Error for a function without a role. */
  credentialsOf(functionName: string): TemporaryCredentials;
  /** Stops everything that was started, in reverse order. */
  close(): Promise<void>;
}

/** The same from inside: the services themselves, without HTTP, signatures and policies. */
export interface RunningCloud extends LocalCloud {
  identities: Identities;
  smq: SmqServer;
  oss: OssServer;
  openapi: OpenApiServer;
  console: ConsoleServer | undefined;
}
