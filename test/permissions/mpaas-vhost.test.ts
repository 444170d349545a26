import { provePermissions } from '#test/prove-permissions';

provePermissions('mpaas-vhost', {
  async run(cloud) {
    await fetch(cloud.function('mpaas-vhost').url);
  },
  assumes: 'RAM_ROLE_ARN',
});
