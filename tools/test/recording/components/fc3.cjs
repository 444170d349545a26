// The component fc3 0.1.22 at the boundary of its process, as recorded: what it asks FC for, by the
// official SDK, and what it swallows. A folder of the component's name stands where the tool looks first.
const fc = require('@alicloud/fc20230330');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const { readdirSync, readFileSync, existsSync } = require('node:fs');
const { join, resolve } = require('node:path');

const Client = fc.default.default ?? fc.default;

// The tool in its own process says neither: it is what the process has.
const environmentOf = ({ env = process.env }) => env;

async function clientOf(inputs) {
  const { AccessKeyID, AccessKeySecret, SecurityToken } = await inputs.getCredential();
  const { protocol, host } = new URL(environmentOf(inputs).FUNCTION_ENDPOINT);
  return new Client(
    new $OpenApiUtil.Config({
      endpoint: host,
      protocol: protocol.replace(':', ''),
      accessKeyId: AccessKeyID,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
    }),
  );
}

const notThere = async (promise) => {
  try {
    return await promise;
  } catch (error) {
    if (error.statusCode === 404) return undefined;
    throw error;
  }
};

module.exports = class {
  async deploy(inputs) {
    const env = environmentOf(inputs);
    if (env.TOOL_DEPLOYS_NOTHING) return {};
    const { region, triggers = [], asyncInvokeConfig, code, logConfig, ...props } = inputs.props;
    const client = await clientOf(inputs);
    const folder = resolve(inputs.cwd ?? '', code);
    if (!existsSync(folder)) throw new Error(`${code} is not there`);
    const zipFile = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('base64'))[0];
    const fields = { ...props, role: props.role.toLowerCase() };
    const there = await notThere(client.getFunction(props.functionName, new fc.GetFunctionRequest({})));
    if (there) {
      const body = new fc.UpdateFunctionInput({ ...fields, code: new fc.InputCodeLocation({ zipFile }) });
      await client.updateFunction(props.functionName, new fc.UpdateFunctionRequest({ body }));
    } else {
      const body = new fc.CreateFunctionInput({ ...fields, code: new fc.InputCodeLocation({ zipFile }) });
      await client.createFunction(new fc.CreateFunctionRequest({ body }));
    }
    if (asyncInvokeConfig && !env.TOOL_LEAVES_ASYNC) {
      const body = new fc.PutAsyncInvokeConfigInput(asyncInvokeConfig);
      await client.putAsyncInvokeConfig(props.functionName, new fc.PutAsyncInvokeConfigRequest({ body }));
    }
    for (const { triggerConfig, ...trigger } of triggers) {
      const found = await notThere(client.getTrigger(props.functionName, trigger.triggerName));
      const fields = { ...trigger, triggerConfig: JSON.stringify(triggerConfig) };
      if (!found)
        await client.createTrigger(
          props.functionName,
          new fc.CreateTriggerRequest({ body: new fc.CreateTriggerInput(fields) }),
        );
      // A trigger of mns_topic is never updated.
      else if (trigger.triggerType !== 'mns_topic') {
        const { triggerName, triggerType, sourceArn, ...rest } = fields;
        await client.updateTrigger(
          props.functionName,
          triggerName,
          new fc.UpdateTriggerRequest({ body: new fc.UpdateTriggerInput(rest) }),
        );
      }
    }
    return { functionName: props.functionName };
  }

  async remove(inputs) {
    const { functionName } = inputs.props;
    const { say = console.log } = inputs;
    const client = await clientOf(inputs);
    // Its own words when it is refused are lines of the log, and it goes on.
    const swallowed = (promise) => promise.catch((error) => say(`remove: ${error.code}`));
    const { body } = (await notThere(client.listTriggers(functionName, new fc.ListTriggersRequest({})))) ?? {};
    for (const { triggerName } of body?.triggers ?? [])
      await swallowed(client.deleteTrigger(functionName, triggerName));
    await swallowed(client.deleteFunction(functionName));
    return {};
  }

  async info(inputs) {
    const client = await clientOf(inputs);
    const { body } = await client.getFunction(inputs.props.functionName, new fc.GetFunctionRequest({}));
    return { functionName: body.functionName };
  }
};
