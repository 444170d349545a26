// The local OSS in a process of its own, its objects in the folder given; prints its address.
import { realClock } from '../../../local/src/clock.ts';
import { Identities } from '../../../local/src/identities/identities.ts';
import { startOss } from '../../../local/src/oss/server.ts';
import { ACCOUNT, BUCKET, OWNER, REGION } from './account.ts';

const authority = new Identities({ clock: realClock, accountId: ACCOUNT, ...OWNER });
const server = await startOss({
  clock: realClock,
  authority,
  region: REGION,
  data: process.argv[2] ?? '',
});
await server.service.apply({ buckets: [{ name: BUCKET, acl: 'private' }] });
process.stdout.write(`${server.url}\n`);
