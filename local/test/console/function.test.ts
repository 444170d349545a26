import { describe, expect, it } from 'vitest';
import { roleFor } from '#test/fc/services';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const ECHO = "exports.handler = async (event) => { console.log('got it'); return String(event); };";
const TIMER = {
  type: 'timer',
  name: 'tick',
  cronExpression: '@every 1h',
  source: 's.yaml:9',
  enable: false,
  payload: 'go',
} as const;

describe('the page of a function', () => {
  it('shows its triggers, environment and what its role may do', async () => {
    const { get, deploy, runtime } = await startTestConsole([
      roleFor('fc.aliyuncs.com', 'mns:SendMessage'),
    ]);
    await deploy(ECHO, {
      role: 'invoker',
      environmentVariables: { QUEUE_NAME: 'orders', DB_PASSWORD: 'hunter2' },
      triggers: [
        { type: 'http', name: 'http', authType: 'anonymous', methods: ['GET', 'POST'] },
        TIMER,
      ],
    });
    const page = seen(await get('/functions/sample'));
    expect(page).toContain('nodejs20, index.handler, 256 MB, 3 s, s.yaml:7');
    expect(page).toContain(`HTTP GET POST ${runtime.url}/sample/`);
    expect(page).toContain('timer @every 1h, disabled');
    expect(page).toContain('QUEUE_NAME orders DB_PASSWORD (hidden) SMQ_ENDPOINT');
    expect(page).not.toContain('hunter2');
    expect(page).toContain('acs:ram::1234567890:role/invoker');
    expect(page).toContain('invoke Allow mns:SendMessage *');
    expect(page).toContain('None: the next invocation is a cold start.');
  });

  it('shows its instances and log lines by request, the latest first', async () => {
    const { get, deploy, runtime, printed } = await startTestConsole();
    await deploy("exports.handler = async (event) => console.log('got ' + event);");
    const first = await runtime.invoke('sample', Buffer.from('one'));
    const second = await runtime.invoke('sample', Buffer.from('two'));
    await printed('got two');
    const page = seen(await get('/functions/sample'));
    const time = '[\\d:]+';
    expect(page).toMatch(
      new RegExp(
        `Log ${second.requestId} ${time} info got two ${first.requestId} ${time} info got one`,
      ),
    );
    const [instance] = runtime.instances('sample');
    expect(page).toContain(`${instance?.id} ${instance?.pid} frozen`);
  });

  it('shows structured lines by their message, and hostile ones as they are', async () => {
    const { get, deploy, runtime, printed } = await startTestConsole();
    const record = {
      level: 'warn',
      time: 'T',
      message: 'Refused <order>',
      orderId: 7,
      token: 'sesame',
    };
    const hostile = '</li><script>\u001b[2Jx\u202ey';
    await deploy(
      `exports.handler = async () => {
        process.stdout.write(${JSON.stringify(`${JSON.stringify(record)}\n`)});
        console.error(${JSON.stringify(hostile)}); };`,
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    await printed('</li>');
    const page = await get('/functions/sample');
    expect(page.text).not.toMatch(/<\/li><script>|sesame/);
    for (const char of ['\u001b', '\u202e']) expect(page.text).not.toContain(char);
    expect(seen(page)).toContain('warn Refused <order> orderId=7 token=(hidden)');
    expect(seen(page)).toContain('error </li><script>\\u001b[2Jx\\u202ey');
  });

  it('shows a level that is not a text, or unknown, as printed', async () => {
    const { get, deploy, runtime, printed } = await startTestConsole();
    const lines = [
      '{"level":{"toString":1},"message":"first"}',
      '{"level":"constructor","msg":"last"}',
    ];
    await deploy(
      `exports.handler = async () => process.stdout.write(${JSON.stringify(`${lines.join('\n')}\n`)});`,
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    await printed('last');
    const page = seen(await get('/functions/sample'));
    expect(page).toContain('{"toString":1} first');
    expect(page).toContain(' constructor last');
  });

  it('has 500 lines on it, and a link to older ones', async () => {
    const { get, deploy, runtime, printed } = await startTestConsole();
    await deploy(
      "exports.handler = async () => { for (let n = 0; n < 502; n++) console.log('line-' + n + ';'); };",
    );
    await runtime.invoke('sample', Buffer.alloc(0));
    await printed('line-501;');
    const first = await get('/functions/sample');
    expect(first.text.match(/line-\d+;/g)).toHaveLength(500);
    const older = await get(linkOf(first, 'Older lines'));
    expect(older.text.match(/line-\d+;/g)).toEqual(['line-0;', 'line-1;']);
  });

  it('is a 404 for a function that is not there', async () => {
    const { get } = await startTestConsole();
    expect(await get('/functions/none')).toMatchObject({ status: 404 });
    expect(await get('/functions/none/invocations/1')).toMatchObject({ status: 404 });
  });
});
