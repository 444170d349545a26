import type { RandomFaults } from './faults.ts';
import type { Resources } from './resources.ts';

/** What the local cloud is when nobody says otherwise: the addresses and keys in the README. */
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

export interface LocalCloudOptions {
  /** Folder of s.yaml and infra/template.yaml; absent: an empty account, nothing deployed. */
  project?: string;
  /** What the account holds besides the project's resources. */
  resources?: Resources;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** Ports; 0 takes any free one. Default: any free one. */
  smqPort?: number;
  ossPort?: number;
  openapiPort?: number;
  fcPort?: number;
  consolePort?: number;
  /** Folder for messages and objects; absent: in memory. */
  data?: string;
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
  /** A function, by name or key, that waits for a debugger on that port. */
  inspect?: { functionName: string; port: number };
  /** Faults by chance in SMQ, OSS and the OpenAPIs; absent: none. */
  faults?: RandomFaults;
}
