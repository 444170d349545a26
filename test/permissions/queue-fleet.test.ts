import { queueOf } from '#test/messages';
import { provePermissions } from '#test/prove-permissions';
import { deployStandIn } from '#test/stand-in';

provePermissions('queue-fleet', {
  async run(cloud) {
    // One look in each run. Places are taken for minutes, so they are removed.
    const fleet = cloud.function('queue-fleet');
    if (fleet.spec.timeout > 5) {
      await deployStandIn(
        cloud,
        'queue-fleet',
        fleet.env.WORKER_NAME ?? '',
        'exports.handler = async () => null;',
      );
      await fleet.redeploy({ timeout: 5 });
    }
    for (const key of cloud.bucket().keys('fleet/')) await cloud.bucket().delete(key);
    await queueOf(cloud, 'queue-fleet').send('message');
    await fleet.fireTimer();
    return undefined;
  },
});
