/** The account that both sides of the benchmark share. */
export const ACCOUNT = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const BUCKET = 'benchmark';
export const OWNER = { accessKeyId: 'owner-id', accessKeySecret: 'owner-secret-0123456789' };
