// Runs the local OSS in a separate process, its objects in the given folder; prints its address.
import { startLocalCloud } from 'fc-local';
import { ACCOUNT, BUCKET, OWNER, REGION } from './account.ts';

const cloud = await startLocalCloud({
  functions: false,
  accountId: ACCOUNT,
  region: REGION,
  ...OWNER,
  data: process.argv[2] ?? '',
  resources: { buckets: [{ name: BUCKET, acl: 'private' }] },
});
process.stdout.write(`${cloud.oss.url}\n`);
