import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LEFT_OUT } from '#src/build/left-out';
import { ON_FIRST_USE } from '#src/build/on-first-use';
import { ROOT } from '#test/repository';

const EXACT = /^\d+\.\d+\.\d+$/;

const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as {
    version: string;
    dependencies?: Record<string, string>;
  };

it('has each package whose modules the build replaces at one exact version, which fc-kit itself depends on', () => {
  // The versions of fc-kit and not of this root's overrides, which npm does not read in other projects.
  const pinned = manifest('shared').dependencies ?? {};
  const packages = new Set([...LEFT_OUT, ...ON_FIRST_USE].flatMap(({ by }) => by));
  const loose = [...packages].filter((name) => {
    const wanted = pinned[name] ?? '';
    return !EXACT.test(wanted) || manifest(`node_modules/${name}`).version !== wanted;
  });
  expect(loose).toEqual([]);
});
