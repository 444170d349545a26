import { expect, it } from 'vitest';
import { localCloud } from '#test/local-cloud';
import type { LogLine } from '../../local/src/fc/runtime.ts';
import { UsageError } from '../../tools/src/cli.ts';
import { readDemoOptions } from '../../tools/src/demo/options.ts';
import { runDemo } from '../../tools/src/demo/run.ts';
import { type DemoResult, formatTrace } from '../../tools/src/demo/trace.ts';
import { command } from '../../tools/test/command.ts';

/** The demo without its build: on the bundles that are there. */
async function demo(...argv: string[]): Promise<DemoResult> {
  const { count, tamper } = readDemoOptions(argv);
  const lines: LogLine[] = [];
  const cloud = await localCloud({ onLog: (line) => lines.push(line), ...(tamper && { tamper }) });
  return runDemo(cloud, lines, count, tamper);
}

it('follows 20 orders from the HTTP trigger to their objects and loses none', async () => {
  const { code, stdout, stderr } = await command('tools/src/demo', '--orders', '20', '--json')
    .ended;
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
}, 60_000);

it('prints a trace that names step, function, request id, milliseconds and key', async () => {
  const trace = formatTrace(await demo('--orders', '1'));
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

it('names the request that wrote the record before a line of its log has come', async () => {
  const lines: LogLine[] = [];
  const cloud = await localCloud({
    onLog: (line) => !line.functionName.endsWith('oss-event-handler') && lines.push(line),
  });
  const { upload, steps } = await runDemo(cloud, lines, 1);
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
  const { ok, lost, failures } = await demo('--orders', '2', '--tamper', tamper);
  expect({ ok, lost }).toEqual({ ok: false, lost: 2 });
  const byServices = failures.filter(({ function: name }) => name?.endsWith('itself'));
  expect(byServices.map((failure) => failure.code)).toEqual(codes);
});

it.each([
  [['--orders', '0'], /^--orders is "0"; give a whole number from 1 to 10000$/],
  [['--tamper', 'date'], /^--tamper is "date"; give secret, token$/],
  [['--tamper', 'constructor'], /^--tamper is "constructor"; give secret, token$/],
  [['--nonsense'], /^Unknown option '--nonsense'; --help lists the options$/],
  [['--orders', '-5'], /^Option '--orders' argument is ambiguous; --help lists the options$/],
])('says what is wrong with %j', (argv, message) => {
  expect(() => readDemoOptions(argv)).toThrow(UsageError);
  expect(() => readDemoOptions(argv)).toThrow(message);
});

it('ends with 2 and one line for wrong usage', async () => {
  const { code, stderr } = await command('tools/src/demo', '--orders', 'many').ended;
  expect(stderr).toBe('error: --orders is "many"; give a whole number from 1 to 10000\n');
  expect(code).toBe(2);
}, 60_000);
