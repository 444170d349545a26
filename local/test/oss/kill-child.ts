/**
 * An OSS in its own process, for tests that kill it: prints its port. Its argument is the folder.
 */
import { realClock } from '#src/clock';
import { startOss } from '#src/oss/server';
import { BUCKET, OWNER } from './helpers.ts';

const data = process.argv[2] ?? '';
const { accountId } = OWNER.principal;
const server = await startOss({
  clock: realClock,
  authority: { accountId, findAccessKey: () => OWNER, authorize: () => ({ allowed: true }) },
  region: 'cn-hangzhou',
  data,
});
await server.service.apply({ buckets: [{ name: BUCKET, acl: 'private' }] });
console.log(server.port);
process.stdin.on('end', () => process.exit()).resume();
