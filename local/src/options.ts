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
  /** Name or path of the file that says what is deployed, from the project's folder; absent: s.yaml, or s.yml where there is none. */
  sYaml?: string;
  /** Name of an environment in env.yaml, whose overlays hold; absent: none. */
  env?: string;
  /** A ROS template with the project's resources, for an s.yaml that names none. */
  template?: string;
  /** True makes an error of the first function or trigger that cannot run; absent: it is left out, and the rest runs. */
  strict?: boolean;
  /** True runs what s.yaml runs before a deployment (actions, pre-deploy); absent: the code is taken as it is there. */
  build?: boolean;
  /** True reports what those commands print, also when they succeed. */
  verbose?: boolean;
  /** True deploys functions anew when their code changes, or what it is built of, or s.yaml. */
  reload?: boolean;
  /** True adds what the ways to a credential need: roles to assume, an identity provider with a token file, an instance role. */
  credentialMethods?: boolean;
  /** Variables for `${env()}` in s.yaml, in place of the process's and those of a `.env`. */
  variables?: NodeJS.ProcessEnv;
  /** What the account holds besides the project's resources. */
  resources?: Resources;
  /** Names of what is made where the project declares none of that name. */
  made?: MadeResources;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** Ports; 0 takes any free one. Default: any free one. */
  smqPort?: number;
  ossPort?: number;
  openapiPort?: number;
  fcPort?: number;
  consolePort?: number;
  /** Ports that give way to the next free one when they are taken; absent: a port that is taken is an error. */
  flexiblePorts?: readonly PortOption[];
  /** Folder for messages and objects; absent: in memory. */
  data?: string;
  /** True: what SMQ, OSS and FC's asynchronous invocations have acknowledged is on the disk, and survives a power cut; absent: it survives the end of the process, kill -9 included. */
  sync?: boolean;
  accountId?: string;
  /** Key pair of the account's one RAM user, who may do everything. */
  accessKeyId?: string;
  accessKeySecret?: string;
  region?: string;
  /** After a change of visibility SMQ takes the new receipt handle only, as documented; absent: the one of the receive too. */
  strictHandles?: boolean;
  /** True: HTTP triggers answer as at their default domain in the cloud, where a redirect is a 400 and every answer a download. */
  defaultDomain?: boolean;
  /** False leaves the functions out and starts only the services. */
  functions?: boolean;
  /** True starts the console, a page that shows what the account holds. */
  console?: boolean;
  /** A function, by name or key, to which a debugger can be attached on that port; `waits`: it runs nothing before that. */
  inspect?: { functionName: string; port: number; waits?: boolean };
  /** Faults by chance in SMQ, OSS and the OpenAPIs; absent: none. */
  faults?: RandomFaults;
}
