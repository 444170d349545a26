import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  parseHttpEvent,
  parseOssEvent,
  parseQueueBatch,
  parseTimerEvent,
  parseTopicEvent,
} from 'fc-kit/events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { invoke, readLogs } from '#src/cli/connection';
import { recordingOf } from '#src/cli/recording';
import { sampleEvent } from '#src/cli/sample-event';
import { DEFAULTS } from '#src/options';
import { writeFunction } from '#test/fc/fixture';
import { startWithServices } from '#test/fc/services';
import { command } from './command.ts';

async function start(code: string) {
  const services = await startWithServices();
  services.identities.defineUser({
    name: 'local',
    accessKeyId: DEFAULTS.accessKeyId,
    accessKeySecret: DEFAULTS.accessKeySecret,
    policies: [
      {
        name: 'all',
        document: {
          Version: '1',
          Statement: [{ Effect: 'Allow', Action: ['fc:*'], Resource: ['*'] }],
        },
      },
    ],
  });
  await services.runtime.deploy(writeFunction(code));
  const connection = {
    endpoint: services.runtime.url,
    accessKeyId: DEFAULTS.accessKeyId,
    accessKeySecret: DEFAULTS.accessKeySecret,
  };
  return { ...services, connection };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const ECHO = `exports.handler = async (event) => {
  console.log('saw ' + event); if (String(event) === 'fail') throw new Error('no'); return event; };`;

it('invoke and logs: answer, failure and lines of a running function', async () => {
  const { connection } = await start(ECHO);
  const answer = await invoke(connection, 'sample', Buffer.from('hello'));
  expect([answer.status, answer.body.toString(), answer.errorType]).toEqual([
    200,
    'hello',
    undefined,
  ]);
  const failed = await invoke(connection, 'sample', Buffer.from('fail'));
  expect(failed.errorType).toBe('UnhandledInvocationError');
  expect(await readLogs(connection, 'sample')).toMatchObject([
    { text: expect.stringContaining('saw hello'), requestId: answer.requestId },
    { text: expect.stringContaining('saw fail'), requestId: failed.requestId },
    { text: expect.stringContaining('Error: no') },
  ]);
  await expect(readLogs(connection, 'absent')).rejects.toThrow('FunctionNotFound');
  const nowhere = { ...connection, endpoint: 'http://127.0.0.1:1' };
  await expect(readLogs(nowhere, 'sample')).rejects.toThrow('start the cloud with fc-local');
  const wrong = await command(['invoke', 'sample', '--endpoint', '127.0.0.1']).ended;
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    'error: --endpoint is "127.0.0.1"; give http://<host>:<port>\n',
  ]);
});

it('a service that is not the one of functions is recognised', async () => {
  const other = createServer((_, response) => response.writeHead(403).end('<Error/>'));
  onTestFinished(() => void other.close());
  const endpoint = await new Promise<string>((resolve) => {
    other.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(other.address() as AddressInfo).port}`),
    );
  });
  const connection = { endpoint, accessKeyId: 'a', accessKeySecret: 'b' };
  await expect(readLogs(connection, 'sample')).rejects.toThrow(
    `${endpoint} answers 403, and not as the functions do: give their port as --endpoint`,
  );
});

it('the commands: an event piped in, a recording of it, and its replay', async () => {
  const { connection, runtime } = await start(ECHO);
  const endpoint = ['--endpoint', connection.endpoint];
  const out = temporaryFolder();
  const recording = command(['record', 'sample', '--count', '1', '--out', out, ...endpoint]);
  await recording.line(/Recording sample/);
  await runtime.invoke('sample', Buffer.from('{"secretKey":"s3cret","id":1}'));
  expect((await recording.ended).stdout).toContain('sample-');
  const [file = ''] = readdirSync(out);
  const text = readFileSync(join(out, file), 'utf8');
  expect(text).not.toContain('s3cret');
  expect(JSON.parse(text)).toMatchObject({ function: 'sample', event: { json: { id: 1 } } });

  const events: Buffer[] = [];
  runtime.observe(({ event }) => events.push(event));
  const [replayed, logged, refused] = await Promise.all([
    command(['replay', join(out, file), ...endpoint]).ended,
    command(['logs', 'sample', ...endpoint]).ended,
    command(['invoke', 'sample', '--event', 'nowhere.json', ...endpoint]).ended,
    command(['invoke', 'sample', '--event', '-', ...endpoint], { stdin: Buffer.from([0xff]) })
      .ended,
  ]);
  expect(events).toContainEqual(Buffer.from([0xff]));
  expect(replayed.stdout).toContain('"id":1');
  expect(logged.stdout).toContain('saw {"secretKey"');
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('--event is "nowhere.json", which cannot be read (ENOENT)'),
  ]);
});

it('a function that fails ends invoke with 1, and so does an answer that differs from the recorded one', async () => {
  const { connection } = await start(ECHO);
  const endpoint = ['--endpoint', connection.endpoint];
  const failed = command(['invoke', 'sample', '--event', '-', ...endpoint], {
    stdin: Buffer.from('fail'),
  });
  expect(await failed.ended).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"errorMessage":"no"'),
    stderr: expect.stringMatching(/^error: UnhandledInvocationError, request [\w-]+\n$/),
  });

  const folder = temporaryFolder();
  const recording = { function: 'sample', at: '', event: { text: 'fail' }, answer: { text: '' } };
  writeFileSync(join(folder, 'one.json'), JSON.stringify(recording));
  const replayed = command(['replay', 'one.json', ...endpoint], { cwd: folder });
  expect(await replayed.ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('recorded: success, now: UnhandledInvocationError'),
  });
});

it('record ends with one line when the cloud stops', async () => {
  const { connection, runtime } = await start(ECHO);
  const recording = command(['record', 'sample', '--endpoint', connection.endpoint], {
    cwd: temporaryFolder(),
  });
  await recording.line(/Recording sample/);
  await runtime.close();
  const { code, stderr } = await recording.ended;
  expect([code, stderr]).toEqual([
    1,
    `Recording sample\nerror: The cloud at ${connection.endpoint} has stopped\n`,
  ]);
});

it('a folder that cannot be written to ends record with one line', async () => {
  const { connection } = await start(ECHO);
  const endpoint = ['--endpoint', connection.endpoint];
  const { code, stderr } = await command(['record', 'sample', '--out', '/dev/null', ...endpoint])
    .ended;
  expect([code, stderr]).toEqual([
    2,
    'error: --out is "/dev/null", which cannot be written to (EEXIST)\n',
  ]);
});

describe('event', () => {
  it('prints one, with the fields that are set', async () => {
    const made = command(['event', 'timer', '--set', 'payload=a=b', '--set', 'name=nightly']);
    const { stdout } = await made.ended;
    expect(parseTimerEvent(Buffer.from(stdout))).toMatchObject({
      payload: 'a=b',
      triggerName: 'nightly',
    });
  });

  it.each([
    [['kafka'], '"kafka" is no kind of event; give oss, mns-topic, mns-queue, timer, http'],
    [['timer', '--set', 'payload'], '--set is "payload"; give key=value'],
    [[], "missing required argument 'kind'; --help lists what there is"],
  ])('ends %j with 2 and what is wanted', async (args, reason) => {
    expect(await command(['event', ...args]).ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${reason}\n`,
    });
  });

  it('makes events that the shared parsers read', () => {
    expect(parseOssEvent(sampleEvent('oss', { key: 'a b.txt', size: '7' }))).toMatchObject([
      { key: 'a b.txt', size: 7, bucket: 'bucket' },
    ]);
    expect(parseTopicEvent(sampleEvent('mns-topic', { body: 'hi', tag: 't' }))).toMatchObject({
      message: 'hi',
      messageTag: 't',
    });
    expect(parseQueueBatch(sampleEvent('mns-queue', { body: 'hi' }))).toMatchObject([
      { messageBody: 'hi' },
    ]);
    expect(parseTimerEvent(sampleEvent('timer', { payload: 'go' }))).toMatchObject({
      payload: 'go',
    });
    expect(parseHttpEvent(sampleEvent('http', { method: 'POST', path: '/a?b=1' }))).toMatchObject({
      method: 'POST',
      path: '/a',
    });
  });

  it('takes away what a deletion removed', () => {
    const removal = sampleEvent('oss', { name: 'ObjectRemoved:DeleteObject', size: '7' });
    expect(JSON.parse(removal.toString()).events[0].oss.object).toMatchObject({
      size: 7,
      deltaSize: -7,
    });
  });

  it('refuses what an event does not have', () => {
    expect(() => sampleEvent('timer', { paylaod: 'x' })).toThrow('timer has name, payload');
    expect(() => sampleEvent('oss', { size: 'big' })).toThrow('takes a whole number');
    expect(() => sampleEvent('mns-topic', { format: 'json' })).toThrow('takes JSON or STREAM');
    expect(() => sampleEvent('mns-queue', { schema: 'raw' })).toThrow(
      'takes CloudEvents or RawData',
    );
    expect(() => sampleEvent('http', { path: 'a' })).toThrow('takes a path such as /orders?page=1');
  });

  it('takes a path with a broken percent escape, as HTTP triggers do', () => {
    expect(JSON.parse(sampleEvent('http', { path: '/50%' }).toString())).toMatchObject({
      rawPath: '/50%',
      requestContext: { http: { path: '/50%' } },
    });
  });
});

it('a recording leaves out values that are named like a secret, or look like one', () => {
  const event = {
    accessKeySecret: 'abc',
    url: 'https://b/o?Signature=xyz%3D&x=1',
    key: 'LTAI5tAAAABBBBCCCCDDDD',
    body: JSON.stringify({ password: 'hunter2', authorization: 'Bearer abc.def' }),
  };
  const line = {
    at: 0,
    event: Buffer.from(JSON.stringify(event)).toString('base64'),
    body: Buffer.from([0xff, 0]).toString('base64'),
  };
  const text = JSON.stringify(recordingOf('sample', line));
  for (const secret of ['"abc"', 'xyz', 'LTAI5t', 'hunter2', 'abc.def'])
    expect(text).not.toContain(secret);
  expect(JSON.parse(text).answer).toEqual({ base64: '/wA=' });
});

it.each([
  ['another origin', { origin: 'https://example.com' }],
  ['another name for this machine', { host: 'attacker.example' }],
])('the local paths refuse a page with %s', async (_, headers) => {
  const { connection } = await start(ECHO);
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${connection.endpoint}/_local/logs/sample`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
  expect(status).toBe(403);
});
