import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchFunctions } from '#scripts/watch';

const bundle = (name: string, ...inputs: string[]) => ({ name, size: 0, zippedSize: 0, inputs });

/** A watched project of two functions that share a file; `next` resolves with the names of the next redeployment. */
async function watched(redeploy: (names: string[]) => Promise<ReturnType<typeof bundle>[]>) {
  const root = await mkdtemp(join(tmpdir(), 'watch-'));
  for (const folder of ['functions/a', 'functions/b', 'shared'])
    await mkdir(join(root, folder), { recursive: true });
  const rounds: string[][] = [];
  let wake = () => {};
  const errors: unknown[] = [];
  const stop = watchFunctions({
    root,
    built: [
      bundle('a', 'functions/a/index.ts', 'shared/both.ts'),
      bundle('b', 'functions/b/index.ts', 'shared/both.ts'),
    ],
    async redeploy(names) {
      rounds.push(names);
      try {
        return await redeploy(names);
      } finally {
        wake();
      }
    },
    onError: (error) => errors.push(error),
  });
  onTestFinished(async () => {
    stop();
    await rm(root, { recursive: true });
  });
  const next = async () => {
    while (rounds.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return rounds.shift();
  };
  return { write: (file: string) => writeFile(join(root, file), '// changed\n'), next, errors };
}

it('redeploys the function whose own file changes, and both for a file they share', async () => {
  const { write, next } = await watched(async (names) =>
    names.map((name) => bundle(name, `functions/${name}/index.ts`, 'shared/both.ts')),
  );
  await write('functions/b/index.ts');
  expect(await next()).toEqual(['b']);
  await write('shared/both.ts');
  expect(await next()).toEqual(['a', 'b']);
});

it('goes on after a build that fails, and says why it failed', async () => {
  let broken = true;
  const { write, next, errors } = await watched(async (names) => {
    if (broken) throw new Error('does not compile');
    return names.map((name) => bundle(name, `functions/${name}/index.ts`));
  });
  await write('functions/a/index.ts');
  expect(await next()).toEqual(['a']);
  broken = false;
  await write('functions/a/index.ts');
  expect(await next()).toEqual(['a']);
  expect(errors).toEqual([new Error('does not compile')]);
});
