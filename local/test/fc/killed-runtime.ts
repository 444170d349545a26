// A program for runtime.test.ts, which kills it: prints the process ids of one frozen and one busy
// instance, and their HOME, as JSON.
import { realClock } from '#src/clock';
import { startRuntime } from '#src/fc/runtime';

const [codeDir = ''] = process.argv.slice(2);
let frozen = { pid: 0, home: '' };
const runtime = await startRuntime({
  clock: realClock,
  accountId: '1',
  region: 'cn-hangzhou',
  issueCredentials: () => undefined,
  environment: {},
  onLog: ({ text }) => {
    const busyPid = Number(text.split(' ').at(-1));
    console.log(JSON.stringify({ pids: [frozen.pid, busyPid], home: frozen.home }));
  },
});
const spec = {
  codeDir,
  handler: 'index.handler',
  runtime: 'nodejs20',
  memorySize: 128,
  timeout: 60,
  environmentVariables: {},
  triggers: [],
  source: 's.yaml:1',
};
await runtime.deploy({ ...spec, name: 'idle', resource: 'idle' });
await runtime.deploy({ ...spec, name: 'busy', resource: 'busy' });
frozen = JSON.parse((await runtime.invoke('idle', Buffer.alloc(0))).body.toString());
void runtime.invoke('busy', Buffer.from('loop'));
