import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { DemoResult } from '#scripts/demo/trace';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the command as a person does, with nothing of this process's environment but the path. */
function demo(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/demo.ts', ...args],
      { cwd: ROOT, env: { PATH: process.env.PATH } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const lastLine = (stdout: string): DemoResult => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

it('follows 20 orders from the HTTP trigger to their objects and loses none', async () => {
  const { code, stdout, stderr } = await demo('--orders', '20', '--json');
  const result = lastLine(stdout);
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
  const { code, stdout } = await demo('--orders', '1');
  expect(stdout).toMatch(/publish +topic-publisher +\d+ ms +message [0-9A-F]{32} +request \S+/);
  expect(stdout).toMatch(
    /store +queue-consumer +\d+ ms +object orders\/order-0001-\w+\.json +request/,
  );
  expect(stdout).toMatch(/ok: 1 orders sent, 1 objects read back and compared, 0 lost/);
  expect(stdout).toMatch(
    /upload +oss-uploader +\d+ ms +object uploads\/notes-\w+\.txt +request \S+/,
  );
  expect(stdout).toMatch(
    /record +oss-event-handler +\d+ ms +object processed\/notes-\w+\.txt\.json +request \S+/,
  );
  expect(code).toBe(0);
});

it.each([
  ['secret', ['SignatureDoesNotMatch', 'SignatureDoesNotMatch']],
  ['token', ['InvalidAccessKeyId', 'InvalidAccessKeyId']],
])('fails with the services’ own codes when the %s is wrong or missing', async (tamper, codes) => {
  const { code, stdout } = await demo('--orders', '2', '--tamper', tamper, '--json');
  const { ok, lost, failures } = lastLine(stdout);
  expect({ code, ok, lost }).toEqual({ code: 1, ok: false, lost: 2 });
  const byServices = failures.filter(({ function: name }) => name?.endsWith('itself'));
  expect(byServices.map((failure) => failure.code)).toEqual(codes);
});

it.each([
  [['--orders', '0'], /^error: --orders is "0"; give a whole number from 1 to 10000$/m],
  [['--tamper', 'date'], /^error: --tamper is "date"; give secret, token$/m],
  [['--tamper', 'constructor'], /^error: --tamper is "constructor"; give secret, token$/m],
  [['--nonsense'], /^error: Unknown option '--nonsense'; --help lists the options$/m],
])('says in one line what is wrong with %j', async (args, message) => {
  const { code, stderr } = await demo(...args);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});
