import type { Addresses } from '#src/cli/addresses';
import { command } from './command.ts';

const FREE_PORTS = ['smq', 'oss', 'openapi', 'fc', 'console'].flatMap((name) => [
  `--${name}-port`,
  '0',
]);

function declaration(name: string, trigger: string): string {
  return `  ${name}:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: app-${name}
      runtime: nodejs20
      handler: index.handler
      code: ./${name}
      triggers: [${trigger}]
`;
}

const HTTP =
  '{ triggerName: http, triggerType: http, triggerConfig: { authType: anonymous, methods: [GET] } }';
const TIMER =
  "{ triggerName: daily, triggerType: timer, triggerConfig: { cronExpression: '@every 24h', enable: true } }";

/** The files of a project with a function `web` by HTTP and a function `job` by a timer. */
export const PROJECT = {
  's.yaml': `edition: 3.0.0\nname: app\naccess: default\nresources:\n${declaration('web', HTTP)}${declaration('job', TIMER)}`,
  'web/index.js': "exports.handler = async () => ({ statusCode: 200, body: 'one' });",
  'job/index.js': "exports.handler = async () => 'done';",
};

/** Starts the command in that folder, on free ports, and waits until it is up. */
export async function up(cwd: string, ...args: string[]) {
  const local = command([...FREE_PORTS, '--json', ...args], { cwd });
  const ready = JSON.parse(await local.line(/"ready":true/)) as Addresses;
  const text = async (path = '') => (await fetch(`${ready.functions.web}${path}`)).text();
  return { local, ready, text };
}
