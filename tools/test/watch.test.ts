import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchFunctions } from '#src/start/watch-functions';

const bundle = (name: string, ...inputs: string[]) => ({ name, size: 0, zippedSize: 0, inputs });

/** Watches a project of two functions that share a file; `next` resolves to the names of the next rebuild. */
async function watched(rebuild: (names: string[]) => Promise<ReturnType<typeof bundle>[]>) {
  const root = await mkdtemp(join(tmpdir(), 'watch-'));
  for (const folder of ['functions/a', 'functions/b', 'shared'])
    await mkdir(join(root, folder), { recursive: true });
  const there = ['a', 'b'];
  const rounds: string[][] = [];
  let wake = () => {};
  const errors: unknown[] = [];
  const stop = watchFunctions({
    root,
    built: [
      bundle('a', 'functions/a/index.ts', 'shared/both.ts'),
      bundle('b', 'functions/b/index.ts', 'shared/both.ts'),
    ],
    names: async () => there,
    async rebuild(names) {
      rounds.push(names);
      try {
        return await rebuild(names);
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
  /**
   * Writes in one step, from outside the watched folders: on a busy machine the steps of a write may be
   * further apart than a round waits for.
   */
  const write = async (file: string) => {
    await writeFile(join(root, 'new'), '// changed\n');
    await rename(join(root, 'new'), join(root, file));
  };
  return { root, there, write, next, errors };
}

it('rebuilds the function whose own file changes, and both for a file they share', async () => {
  const { write, next } = await watched(async (names) =>
    names.map((name) => bundle(name, `functions/${name}/index.ts`, 'shared/both.ts')),
  );
  await write('functions/b/index.ts');
  expect(await next()).toEqual(['b']);
  await write('shared/both.ts');
  expect(await next()).toEqual(['a', 'b']);
});

it('continues after a build that fails, and says why it failed', async () => {
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

it('sees every change of a file that an editor replaces each time', async () => {
  const { write, next } = await watched(async (names) =>
    names.map((name) => bundle(name, `functions/${name}/index.ts`)),
  );
  for (let time = 0; time < 3; time++) {
    await write('functions/a/index.ts');
    expect(await next()).toEqual(['a']);
  }
});

it('sees a file that is written in place', async () => {
  const { root, write, next } = await watched(async (names) =>
    names.map((name) => bundle(name, `functions/${name}/index.ts`)),
  );
  await write('functions/a/index.ts');
  expect(await next()).toEqual(['a']);
  await writeFile(join(root, 'functions/a/index.ts'), '// changed again\n');
  expect(await next()).toEqual(['a']);
});

it('sees changes in a folder that is new, or was made again', async () => {
  const { root, write, next } = await watched(async (names) =>
    names.map((name) => bundle(name, `functions/${name}/index.ts`, `functions/${name}/new/x.ts`)),
  );
  await write('functions/a/index.ts');
  expect(await next()).toEqual(['a']);
  await mkdir(join(root, 'functions/a/new'));
  await write('functions/a/new/x.ts');
  expect(await next()).toEqual(['a']);
  await write('functions/b/index.ts');
  expect(await next()).toEqual(['b']);
  await rm(join(root, 'functions/b'), { recursive: true });
  expect(await next()).toEqual(['b']);
  await mkdir(join(root, 'functions/b'));
  await write('functions/b/index.ts');
  expect(await next()).toEqual(['b']);
});

it('rebuilds a function that failed for a missing file, once the file exists', async () => {
  let missing = true;
  const { write, next, errors } = await watched(async (names) => {
    if (missing) throw new Error('Could not resolve "./new.ts"');
    return names.map((name) => bundle(name, `functions/${name}/index.ts`));
  });
  await write('functions/a/index.ts');
  expect(await next()).toEqual(['a']);
  missing = false;
  await write('functions/a/new.ts');
  expect(await next()).toEqual(['a']);
  expect(errors).toHaveLength(1);
});

it('builds a new function, and no longer one that is gone', async () => {
  const { root, there, write, next } = await watched(async (names) =>
    names.map((name) => bundle(name, `functions/${name}/index.ts`, 'shared/both.ts')),
  );
  there.splice(0, 1, 'c');
  await mkdir(join(root, 'functions/c'));
  await write('functions/c/index.ts');
  expect(await next()).toEqual(['c']);
  await write('shared/both.ts');
  expect(await next()).toEqual(['c', 'b']);
});
