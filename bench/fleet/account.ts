/** The account that the processes of the benchmark share. */
export const ACCOUNT = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const OWNER = { accessKeyId: 'bench-id', accessKeySecret: 'bench-secret' };
export const QUEUE = 'bench';
export const BUCKET = 'bench-fleet';

/** Addresses of the local services. */
export interface Addresses {
  SMQ_ENDPOINT: string;
  OSS_ENDPOINT: string;
}
