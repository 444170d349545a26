/**
 * An SMQ in its own process, for tests that kill it: prints its port. Its arguments are the folder,
 * an access key's id, and its secret.
 */
import { realClock } from '#src/clock';
import { ADMINISTRATOR_ACCESS } from '#src/identities/administrator-access';
import { Identities } from '#src/identities/identities';
import { startSmq } from '#src/smq/server';

const [data = '', accessKeyId = '', accessKeySecret = ''] = process.argv.slice(2);
const identities = new Identities({
  clock: realClock,
  accountId: '1000000000000001',
  accessKeyId: 'owner',
  accessKeySecret: 'owner',
});
const policies = [ADMINISTRATOR_ACCESS];
identities.defineUser({ name: 'tester', accessKeyId, accessKeySecret, policies });
const { port, service } = await startSmq({
  clock: realClock,
  authority: identities,
  region: 'cn-hangzhou',
  data,
});
await service.createQueue('q', { visibilityTimeout: 43_200 });
console.log(port);
process.stdin.on('end', () => process.exit()).resume();
