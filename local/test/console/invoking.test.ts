import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpTriggerSpec } from '#src/project/types';
import { until } from '#src/testing/until';
import { custom } from '#test/fc/custom-function';
import { writeFunction } from '#test/fc/fixture';
import { linkOf, seen, startTestConsole } from './fixture.ts';

const ECHO = "exports.handler = async (event) => { console.log('got it'); return String(event); };";
const WEB: HttpTriggerSpec = {
  type: 'http',
  name: 'web',
  authType: 'anonymous',
  methods: ['GET'],
  source: 's.yaml:9',
};
const TIMER = {
  type: 'timer',
  name: 'tick',
  cronExpression: '@every 1h',
  source: 's.yaml:9',
  enable: false,
  payload: 'go',
} as const;

describe('invoking in the console', () => {
  it('begins with an event of the trigger that is chosen, else of the first', async () => {
    const { get, deploy } = await startTestConsole();
    const web = { type: 'http', name: 'web', authType: 'anonymous' } as const;
    await deploy(ECHO, { triggers: [TIMER, { ...web, methods: ['PUT'] }] });
    const page = await get('/functions/sample');
    expect(seen(page)).toContain('"triggerName": "tick", "payload": "go"');
    const chosen = await get(linkOf(page, 'event of web').replace(/#.*/, ''));
    expect(seen(chosen)).toContain('"method": "PUT"');
  });

  it('shows the answer, the event and the output', async () => {
    const { post, deploy, get, printed } = await startTestConsole();
    await deploy(ECHO);
    const { headers } = await post('/functions/sample/invoke', { event: '{"a":\r\n1}' });
    await printed('got it');
    const page = await get(headers.location ?? '');
    expect(seen(page)).toMatch(/ended [\d:]+ , \d+ ms cold start , done/);
    expect(seen(page)).toContain('Answer { "a": 1 } Event { "a": 1 }');
    expect(seen(page)).toMatch(/1 log line [\d:]+ info got it/);
    const again = await get(linkOf(page, 'Invoke again with this event').replace(/#.*/, ''));
    expect(again.text).toMatch(/<textarea[^>]*>\n\{\n {2}&quot;a&quot;: 1\n\}<\/textarea>/);
  });

  it('sends an event with a secret again unchanged, and never puts it into the form', async () => {
    const { submit, deploy, get, printed } = await startTestConsole();
    await deploy(
      "exports.handler = async (event) => console.log('got ' + JSON.parse(event).token.length);",
    );
    const page = await submit('/functions/sample/invoke', {
      event: '{"token":"s3cret-17-letters"}',
    });
    const id = /request ([\w-]+)/.exec(seen(page))?.[1] ?? '';
    expect(seen(page)).toContain('Invoke again with this event, its secrets as they were');
    const form = await get(`/functions/sample?event=${id}`);
    expect(seen(form)).not.toMatch(/hidden|s3cret/);
    const again = await submit('/functions/sample/invoke', { again: id });
    expect(again.text).not.toContain('s3cret');
    await printed('got 17');
    expect(seen(await get('/'))).toContain('2 runs');
  });

  it('refuses an event with the text that is shown in place of a secret', async () => {
    const { post, deploy, get } = await startTestConsole();
    await deploy(ECHO);
    const answer = await post('/functions/sample/invoke', { event: '{"token":"(hidden)"}' });
    expect([answer.status, seen(answer)]).toEqual([400, expect.stringContaining('"(hidden)"')]);
    expect(await post('/functions/sample/invoke', { again: 'none' })).toMatchObject({
      status: 404,
    });
    expect(
      await post('/functions/sample/invoke', { event: '{"note":"(hidden)","token":"a"}' }),
    ).toMatchObject({
      status: 303,
    });
    expect(seen(await get('/'))).toContain('1 run');
  });

  it('shows the status of an HTTP answer, and the JSON in its body', async () => {
    const { submit, deploy } = await startTestConsole();
    await deploy(
      "exports.handler = async () => ({ statusCode: 404, body: JSON.stringify({ error: { code: 'Gone' } }) });",
    );
    const page = seen(await submit('/functions/sample/invoke', { event: '' }));
    expect(page).toMatch(/cold start , 404/);
    expect(page).toContain('body { "error": { "code": "Gone" } }');
    expect(page).toContain('Event Empty.');
  });

  it('shows the start of a large event, which is not offered again', async () => {
    const { get, deploy, runtime } = await startTestConsole();
    await deploy('exports.handler = async () => 1;');
    const { requestId } = await runtime.invoke('sample', Buffer.from('x'.repeat(70_000)));
    const page = seen(await get(`/functions/sample/invocations/${requestId}`));
    expect(page).toContain('The first 64 KB of 68 KB.');
    expect(page).not.toContain('Invoke again');
  });

  it('shows how a function failed', async () => {
    const { submit, deploy, get } = await startTestConsole();
    await deploy("exports.handler = async () => { throw new Error('<b>no</b>'); };");
    const page = await submit('/functions/sample/invoke', { event: '' });
    expect(seen(page)).toContain('UnhandledInvocationError');
    expect(seen(page)).toContain('"errorMessage": "<b>no</b>"');
    expect(page.text).not.toContain('<b>');
    expect(seen(await get('/'))).toContain('1 of 1 failed');
  });

  it.each([
    ['{ statusCode: 99 }', '502'],
    ["{ statusCode: 200, headers: { 'bad name': '1' } }", '502'],
    ["{ statusCode: 200, headers: { big: 'x'.repeat(9000) } }", '502'],
    ['{ statusCode: 500 }', '500'],
    ["{ statusCode: 503, body: 'x'.repeat(70_000) }", '503'],
  ])('counts %s as the %s that its caller gets', async (answer, status) => {
    const { deploy, runtime, get } = await startTestConsole();
    await deploy(`exports.handler = async () => (${answer});`, { triggers: [WEB] });
    const response = await fetch(runtime.httpTriggerUrl('sample') ?? '');
    expect(String(response.status)).toBe(status);
    const page = await get('/');
    expect(page.text).toContain(`<span class="bad">${status}</span>`);
    expect(seen(page)).toContain('1 of 1 failed');
  });

  it('shows the answer of a program that takes requests', async () => {
    const { runtime, get, add } = await startTestConsole();
    const handle = "response.writeHead(request.url === '/bad' ? 500 : 201).end();";
    await add(await custom(handle, { triggers: [WEB] }));
    for (const path of ['', 'bad'])
      await (await fetch(`${runtime.httpTriggerUrl('sample')}${path}`)).text();
    await until(async () => /1 of 2 failed/.test(seen(await get('/'))));
    const page = (await get('/')).text;
    expect(page).toContain('<span class="bad">500</span>');
    expect(page).toContain('<span class="dim">201</span>');
  });

  it.each([
    ['a time-out', 'await new Promise(() => {});', 'timed out'],
    ['an exit', 'process.exit(0);', 'exited'],
    [
      'too much memory',
      'const all = []; for (;;) { all.push(Buffer.alloc(20e6, 1)); await new Promise((go) => setTimeout(go, 5)); }',
      'out of memory',
    ],
  ])('names %s', async (_, code, ended) => {
    const { deploy, runtime, get, clock } = await startTestConsole();
    await deploy(`exports.handler = async () => { console.log('runs'); ${code} };`);
    const running = runtime.invoke('sample', Buffer.alloc(0));
    if (ended === 'timed out') {
      await until(() => runtime.logs('sample').length > 0);
      await clock.advance(3000);
    }
    await running;
    expect(seen(await get('/'))).toContain(`UnhandledInvocationError: ${ended}`);
  });

  it.each(['beside the folder', 'in a comment', 'inline'])(
    'shows stack traces by the source, with a map %s',
    async (where) => {
      const { add, submit } = await startTestConsole();
      const source =
        "export const handler = async () => {\n\n  console.log(new Error('a'));\n  throw new Error('b');\n};";
      const { code, map } = await transform(source, {
        sourcefile: 'src/a.ts',
        sourcemap: 'external',
        format: 'cjs',
        minify: true,
      });
      const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
      const named = { 'in a comment': 'index.js.map', inline: url }[where];
      const fn = writeFunction(named ? `${code}\n//# sourceMappingURL=${named}\n` : code);
      const beside =
        where === 'beside the folder' ? `${fn.codeDir}.js.map` : join(fn.codeDir, 'index.js.map');
      await writeFile(beside, map);
      onTestFinished(() => rm(beside, { force: true }));
      await add(fn);
      const page = seen(await submit('/functions/sample/invoke', { event: '' }));
      const path = relative(process.cwd(), join(fn.codeDir, 'src/a.ts'));
      expect(page).toContain(`${path}:4:9`);
      expect(page).toContain(`${path}:3:15`);
      expect(page).not.toMatch(/index\.js:\d/);
    },
  );

  it('hides the credentials that a function hands out', async () => {
    const { submit, deploy } = await startTestConsole();
    await deploy(
      `exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(
         { accessKeyId: 'id-1', accessKeySecret: 's3cret', securityToken: 't0ken' }) });`,
    );
    const page = await submit('/functions/sample/invoke', { event: '{"authorization":"b3arer"}' });
    expect(page.text).not.toMatch(/s3cret|t0ken|b3arer/);
    expect(page.text).toContain('id-1');
  });
});
