/** The account that both sides of the benchmark share. */
export const ACCOUNT = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const OWNER = { accessKeyId: 'bench-id', accessKeySecret: 'bench-secret' };
export const QUEUE = 'bench';
