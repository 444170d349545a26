import { provePermissions } from '#test/prove-permissions';

provePermissions('function-invoker', {
  async run(cloud) {
    // A function that accepts any event, instead of the one that is called.
    const { spec, env, url } = cloud.function('function-invoker');
    const name = env.FUNCTION_NAMES ?? '';
    await cloud.fc?.deploy({ ...spec, name, resource: 'callee', triggers: [] });
    const body = JSON.stringify({ calls: [{ function: name, event: {} }] });
    await fetch(url, { method: 'POST', body });
  },
});
