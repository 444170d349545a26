import type { HttpTriggerSpec } from '#src/project/types';
import { startWithServices } from '../services.ts';

export type Keys = { accessKeyId: string; accessKeySecret: string; securityToken?: string };

export const ALICE = { accessKeyId: 'LTAI-alice', accessKeySecret: 'alice-secret' };
const ECHO = `exports.handler = async (event, context) => {
  console.log('ran'); if (String(event) === 'fail') throw new Error('no stock');
  return 'you sent ' + event; };`;

/** Starts a function, and a user with permission for `resource`, `*` meaning everything. */
export async function start(resource = '*', triggers: HttpTriggerSpec[] = []) {
  const services = await startWithServices();
  const { deploy, identities, runtime } = services;
  await deploy(ECHO, { triggers });
  const statement = { Effect: 'Allow', Action: ['fc:InvokeFunction'], Resource: [resource] };
  const policy = { name: 'invoke', document: { Version: '1', Statement: [statement] } };
  identities.defineUser({ name: 'alice', ...ALICE, policies: [policy] });
  identities.defineRole({
    name: 'caller',
    trust: {
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } },
      ],
    },
    policies: [policy],
  });
  const temporary = identities.assumeRole({
    role: 'caller',
    sessionName: 'test',
    durationSeconds: 3600,
  });
  return { ...services, temporary, url: runtime.url };
}
