import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from 'fc-local';
import { startTestCloud } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import { lookInside } from '#src/demo/queue-look';
import { runDemo } from '#src/demo/run-demo';
import { TAMPERINGS } from '#src/demo/tamper';
import { type DemoResult, formatTrace } from '#src/demo/trace';
import { templateCloud } from '#test/cloud';
import { ROOT } from '#test/repository';
import { run } from '#test/run';
import { project } from './parts/catalog.ts';
import { written } from './parts/written.ts';

/** Runs the demo without its build, on the existing bundles. */
async function demo(
  count: number,
  { tampering = '', keeps = (_: LogLine): boolean => true } = {},
): Promise<DemoResult> {
  const lines: LogLine[] = [];
  const tamper = TAMPERINGS[tampering];
  const cloud = await templateCloud({
    onLog: (line) => void (keeps(line) && lines.push(line)),
    ...(tamper && { tamper }),
  });
  return runDemo(cloud, { count, lines, look: lookInside(cloud), tamper });
}

it('follows 20 orders from the HTTP trigger to their objects and loses none', async () => {
  const { code, stdout, stderr } = await run(['demo', '--orders', '20', '--json']);
  const result: DemoResult = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(result).toMatchObject({ ok: true, orders: 20, objects: 20, lost: 0, duplicates: 0 });
  expect(result.failures).toEqual([]);
  expect(result.upload.ok).toBe(true);
  expect(result.upload.steps.map(({ step }) => step)).toEqual(['upload', 'record']);
  expect(result.steps.map(({ step }) => step).toSorted()).toEqual(
    ['publish', 'queue', 'store'].flatMap((step) => Array(20).fill(step)),
  );
  for (const step of result.steps.filter(({ function: name }) => name))
    expect(step.requestId).toMatch(/\S/);
  expect([code, stderr]).toEqual([0, '']);
});

it('prints a trace that names step, function, request id, milliseconds and key', async () => {
  const trace = formatTrace(await demo(1));
  expect(trace).toMatch(/publish +topic-publisher +\d+ ms +message [0-9A-F]{32} +request \S+/);
  expect(trace).toMatch(
    /store +queue-consumer +\d+ ms +object orders\/order-0001-\w+\.json +request/,
  );
  expect(trace).toMatch(/ok: 1 orders sent, 1 objects read back and compared, 0 lost/);
  expect(trace).toMatch(
    /upload +oss-uploader +\d+ ms +object uploads\/notes-\w+\.txt +request \S+/,
  );
  expect(trace).toMatch(
    /record +oss-event-handler +\d+ ms +object processed\/notes-\w+\.txt\.json +request \S+/,
  );
});

it('with --keep ends with the address of the first order’s trace, and with --signed signs its requests', async () => {
  let shown = '';
  const { code, stdout, stderr } = await run(['demo', '--orders', '2', '--keep', '--signed'], {
    async meanwhile(stdout) {
      const [address = ''] = /http:\S+\/traces\/\S+/.exec(stdout) ?? [];
      const response = await fetch(address);
      shown = `${response.status} ${await response.text()}`;
    },
  });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('HTTP triggers want a signature');
  expect(stdout).toMatch(/ok: 2 orders sent, 2 objects read back and compared, 0 lost/);
  for (const part of ['200 ', 'topic-publisher', 'queue-consumer', 'oss:PutObject', 'lease 1'])
    expect(shown).toContain(part);
});

it('names the request that wrote the record although no line of its log has come yet', async () => {
  const { upload, steps } = await demo(1, {
    keeps: ({ functionName }) => !functionName.endsWith('oss-event-handler'),
  });
  expect(upload).toMatchObject({
    ok: true,
    steps: [{ step: 'upload' }, { step: 'record', requestId: expect.stringMatching(/\S/) }],
  });
  expect(steps.map(({ step }) => step)).toEqual(['publish', 'queue', 'store']);
});

it.each([
  ['secret', ['SignatureDoesNotMatch', 'SignatureDoesNotMatch']],
  ['token', ['InvalidAccessKeyId', 'InvalidAccessKeyId']],
])('fails with the services’ own codes when the %s is wrong or missing', async (tamper, codes) => {
  const { ok, lost, failures } = await demo(2, { tampering: tamper });
  expect({ ok, lost }).toEqual({ ok: false, lost: 2 });
  const byServices = failures.filter(({ function: name }) => name?.endsWith('itself'));
  expect(byServices.map((failure) => failure.code)).toEqual(codes);
});

it.each([
  [['--orders', '0'], '--orders is "0"; give a whole number from 1 to 10000'],
  [['--orders', 'many'], '--orders is "many"; give a whole number from 1 to 10000'],
  [['--orders', '-5'], '--orders is "-5"; give a whole number from 1 to 10000'],
  [['--tamper', 'date'], '--tamper is "date"; give secret, token'],
  [['--tamper', 'constructor'], '--tamper is "constructor"; give secret, token'],
  [['--nonsense'], "unknown option '--nonsense'; --help lists what there is"],
])('ends with 2 and says in one line what is wrong with %j', async (args, message) => {
  expect(await run(['demo', ...args])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${message}\n`,
  });
});

it('says in one line which of its functions a project does not have', async () => {
  const project = await mkdtemp(join(tmpdir(), 'project-'));
  onTestFinished(() => rm(project, { recursive: true }));
  const props = `{ region: cn-hangzhou, functionName: hello, runtime: nodejs20, handler: index.handler, code: ./ }`;
  const s = `edition: 3.0.0\nname: app\naccess: default\nresources:\n  hello: { component: fc3, props: ${props} }\n`;
  await writeFile(join(project, 's.yaml'), s);
  await writeFile(join(project, 'index.js'), 'exports.handler = async () => "hello";\n');
  const { code, stderr } = await run(['demo', '--project', project]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: The demo follows .* s\.yaml has no topic-publisher with an HTTP trigger, no queue-consumer with QUEUE_NAME and BUCKET_NAME, no oss-uploader with an HTTP trigger, no oss-event-handler: .*\n$/,
  );
});

it.each([
  [['topic-publisher'], { orders: 2, objects: 0 }, ['publish', 'publish']],
  [['queue-consumer'], { orders: 2, objects: 2, lost: 0 }, ['queue', 'store', 'queue', 'store']],
  [['oss-uploader'], { orders: 0, upload: { ok: true, steps: [{ step: 'upload' }] } }, []],
  [['oss-event-handler'], { orders: 0, upload: { ok: true, steps: [{ step: 'record' }] } }, []],
])(
  'follows what there is of %j, and says what it leaves out',
  async (functions, expected, steps) => {
    const root = await written(project(functions));
    await cp(join(ROOT, 'dist'), join(root, 'dist'), { recursive: true });
    const lines: LogLine[] = [];
    await using cloud = await startTestCloud({ project: root, onLog: (line) => lines.push(line) });
    const result = await runDemo(cloud, { count: 2, lines, look: lookInside(cloud) });
    expect(result).toMatchObject({ ok: true, failures: [], ...expected });
    expect(result.steps.map(({ step }) => step)).toEqual(steps);
    expect(result.leftOut).toHaveLength(3);
    expect(formatTrace(result)).toMatch(/^left out .*: s\.yaml has none$/m);
  },
);
