export const ACCOUNT_ID = '1000000000000001';
export const REGION = 'cn-hangzhou';
export const KEY = { accessKeyId: 'bench-id', accessKeySecret: 'bench-secret' };
export const QUEUE = 'bench';
