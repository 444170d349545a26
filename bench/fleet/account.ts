/** What the processes of the benchmark know of one another. */
export const ACCOUNT = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const OWNER = { accessKeyId: 'bench-id', accessKeySecret: 'bench-secret' };
export const QUEUE = 'bench';
export const BUCKET = 'bench-fleet';

/** Where the local services are. */
export interface Addresses {
  SMQ_ENDPOINT: string;
  OSS_ENDPOINT: string;
}
