import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordingCloud } from '#test/recording/cloud';
import { recordedProject } from '#test/recording/project';
import { run } from '#test/run';

interface Asked {
  headers: IncomingHttpHeaders;
  url: URL;
}

/** A log store that verifies the signature by the page "Request signatures", and answers these entries. */
async function logStore(secret: string, answer: { status: number; body: unknown }) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { headers } = request;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push({ headers, url });
    const own = Object.keys(headers)
      .filter((name) => /^x-(log|acs)-/.test(name))
      .sort()
      .map((name) => `${name}:${headers[name]}`);
    const query = [...url.searchParams]
      .map((pair) => pair.join('='))
      .sort()
      .join('&');
    const text = ['GET', '', '', headers.date, ...own, `${url.pathname}?${query}`].join('\n');
    const wanted = createHmac('sha1', secret).update(text).digest('base64');
    const right = headers.authorization?.endsWith(`:${wanted}`);
    const { status, body } = right
      ? answer
      : { status: 403, body: { errorCode: 'SignatureNotMatch' } };
    response.writeHead(status, { 'content-type': 'application/json', 'x-log-requestid': 'log-1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function deployed(
  answer: { status: number; body: unknown },
  logConfig: unknown = { project: 'serverless-cn-hangzhou-1', logstore: 'default-logs' },
) {
  const cloud = await recordingCloud();
  cloud.functions.answer('CreateFunction', [], { functionName: 'shop-taker', logConfig });
  const project = await recordedProject();
  const store = await logStore(cloud.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '', answer);
  const env = { ...cloud.env, HOME: project, LOG_ENDPOINT: store.url };
  const logs = (...args: string[]) => run(['logs', ...args], { cwd: project, env });
  return { ...store, logs };
}

describe('logs', () => {
  it('shows the lines of one request, from the log store that FC names', async () => {
    const lines = [
      { __time__: '1767225600', message: 'FC Invoke Start RequestId: 1-a\n' },
      { __time__: '1767225601', message: '{"level":"info","msg":"stored"}' },
    ];
    const { asked, logs } = await deployed({ status: 200, body: lines });
    const { code, stdout, stderr } = await logs('taker', '--request', '1-a', '--trace', 'abc');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      '2026-01-01T00:00:00.000Z FC Invoke Start RequestId: 1-a\n2026-01-01T00:00:01.000Z {"level":"info","msg":"stored"}\n',
    );
    expect(asked[0]?.headers.host).toMatch(/^serverless-cn-hangzhou-1\.127\.0\.0\.1:/);
    expect(asked[0]?.url.pathname).toBe('/logstores/default-logs');
    expect(asked[0]?.url.searchParams.get('query')).toBe(
      'functionName: "shop-taker" and "1-a" and "abc"',
    );
    const [from, to] = ['from', 'to'].map((name) => Number(asked[0]?.url.searchParams.get(name)));
    expect((to ?? 0) - (from ?? 0)).toBe(3600);
  });

  it('says when there are no lines, and when there may be more', async () => {
    const none = await deployed({ status: 200, body: [] });
    expect((await none.logs('taker', '--minutes', '5')).stderr).toBe(
      'nothing in the last 5 minutes; lines take a minute to come\n',
    );
    const full = await deployed({ status: 200, body: Array(100).fill({ message: 'x' }) });
    expect((await full.logs('taker')).stderr).toMatch(/^these are the first 100; name a request/);
  });

  it.each([
    [
      403,
      'Unauthorized',
      /SLS answers 403 Unauthorized .* request log-1: grant log:GetLogStoreLogs/,
    ],
    [404, 'ProjectNotExist', /404 ProjectNotExist .*: the first deployment makes it/],
    [400, 'IndexConfigNotExist', /: give the logstore an index/],
    [500, 'InternalServerError', /500 InternalServerError/],
  ])('ends with 1 for %i %s, with what to do', async (status, errorCode, message) => {
    const { logs } = await deployed({ status, body: { errorCode, errorMessage: 'no' } });
    const { code, stderr } = await logs('taker');
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it('ends with one line for a function without logs, a missing function, and an invalid id', async () => {
    const { logs } = await deployed({ status: 200, body: [] }, {});
    expect((await logs('taker')).stderr).toMatch(
      /shop-taker writes no logs: give it logConfig: auto/,
    );
    expect((await logs('teller')).stderr).toMatch(
      /no function shop-teller in cn-hangzhou: deploy first/,
    );
    expect(await logs('ghost')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"ghost" is not a function'),
    });
    expect(await logs('taker', '--request', 'a" or "b')).toMatchObject({ code: 2 });
  });
});
