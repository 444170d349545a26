import type { RandomFaults } from './faults.ts';
import type { MadeResources, Resources } from './resources.ts';

/** Defaults of the local cloud: addresses, key pair, account and region. */
export const DEFAULTS = {
  host: '127.0.0.1',
  smqPort: 6801,
  ossPort: 6802,
  openapiPort: 6803,
  fcPort: 6804,
  consolePort: 6805,
  data: '.local',
  accountId: '1000000000000001',
  accessKeyId: 'local-access-key-id',
  accessKeySecret: 'local-access-key-secret',
  region: 'cn-hangzhou',
} as const;

/** The options that name a port. */
export type PortOption = 'smqPort' | 'ossPort' | 'openapiPort' | 'fcPort' | 'consolePort';

export interface LocalCloudOptions {
  /** Folder of s.yaml; absent: an empty account, nothing deployed. */
  project?: string;
  /**
   * Name or path of the file to read instead of s.yaml, from the project's folder; absent: s.yaml,
   * or s.yml where there is none.
   */
  sYaml?: string;
  /** Name of an environment in env.yaml, whose overlays apply; absent: none. */
  env?: string;
  /** A ROS template with the project's resources, for an s.yaml that names none. */
  template?: string;
  /**
   * True throws for the first function or trigger that cannot run; absent: it is left out, and the
   * rest runs.
   */
  strict?: boolean;
  /**
   * True runs the commands that s.yaml runs before a deployment (actions, pre-deploy); absent: the
   * existing code is used.
   */
  build?: boolean;
  /** True reports what those commands print, also when they succeed. */
  verbose?: boolean;
  /** True deploys functions again when their code, its sources or s.yaml change. */
  reload?: boolean;
  /** True adds what the ways to a credential need: roles to assume, an identity provider with a token file, an instance role. */
  credentialMethods?: boolean;
  /** Variables for `${env()}` in s.yaml, instead of the process's and those of a `.env`. */
  variables?: NodeJS.ProcessEnv;
  /** Resources of the account besides the project's. */
  resources?: Resources;
  /** Names of resources to create where the project declares none of that name. */
  made?: MadeResources;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** Ports; 0 means any free one, which is the default. */
  smqPort?: number;
  ossPort?: number;
  openapiPort?: number;
  fcPort?: number;
  consolePort?: number;
  /**
   * Ports that give way to the next free one when they are taken; absent: a taken port is an error.
   */
  flexiblePorts?: readonly PortOption[];
  /** Folder for messages and objects; absent: in memory. */
  data?: string;
  /**
   * True: acknowledged writes of SMQ, OSS and FC's asynchronous invocations are synced to the disk,
   * and survive a power cut; absent: they survive the end of the process, kill -9 included.
   */
  sync?: boolean;
  accountId?: string;
  /** Key pair of the account's RAM user, who may do everything. */
  accessKeyId?: string;
  accessKeySecret?: string;
  region?: string;
  /**
   * After a change of visibility SMQ accepts only the new receipt handle, as documented; absent:
   * that of the receive too.
   */
  strictHandles?: boolean;
  /** True: HTTP triggers answer as at their default domain in the cloud, where a redirect is a 400 and every answer a download. */
  defaultDomain?: boolean;
  /** False leaves the functions out and starts only the services. */
  functions?: boolean;
  /** True starts the console, a page that shows the account's contents. */
  console?: boolean;
  /** A function, by name or key, to which a debugger can be attached on that port; `waits`: it runs nothing before that. */
  inspect?: { functionName: string; port: number; waits?: boolean };
  /** Random faults in SMQ, OSS and the OpenAPIs; absent: none. */
  faults?: RandomFaults;
}
