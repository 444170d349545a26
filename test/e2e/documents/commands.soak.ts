import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Block, blocksIn, documents } from '../../documents/markdown.ts';
import { isRun, isShell } from '../../documents/marks.ts';
import { copyRepository } from './copy.ts';
import { usePackages, writeNpx } from './installed.ts';
import { missingLines } from './output.ts';
import { runScript, startScript } from './script.ts';

/** The README's first commands install everything. */
const FIRST = 'README.md';
const MAX_MS = 400_000;

/** What `npm start` starts, on free ports: the usual ones may be in use here. */
const START = `HTTP_AUTH=anonymous UPLOAD_AUTH=anonymous npx fc-local ${['smq', 'oss', 'openapi', 'fc', 'console'].map((name) => `--${name}-port 0`).join(' ')}`;

const home = mkdtempSync(join(tmpdir(), 'documents-'));
/** A folder within a folder, since some commands make a project beside it. */
const copy = join(home, 'fc-templates');
/** Has an npx that only starts what is installed: npx itself runs in the README's commands. */
const programs = join(home, 'programs');
let started: ReturnType<typeof startScript> | undefined;

beforeAll(() => {
  copyRepository(copy);
  writeNpx(programs);
});

afterAll(async () => {
  await started?.stop();
  await rm(home, { recursive: true, force: true });
}, MAX_MS);

/** Documents in Chinese have the same commands: `check` ensures that. */
const blocks = documents()
  .filter((file) => !file.endsWith('.zh-CN.md'))
  .sort((a, b) => Number(b === FIRST) - Number(a === FIRST))
  .flatMap((file) => blocksIn(file))
  .filter((block) => isShell(block) && isRun(block));
const named = (some: Block[]) =>
  some.map((block) => [`${block.file}:${block.line}`, block] as const);
const alone = blocks.filter(({ marks }) => marks.length === 0);
const beside = blocks.filter(({ marks }) => marks.includes('while-running'));

it('there are commands to run, and the first of them install', () => {
  expect(alone[0]?.text).toMatch(/^npm ci\n/);
  expect(beside.length).toBeGreaterThan(10);
});

const place = ({ file }: Block) => ({ cwd: copy, home, ...(file !== FIRST && { programs }) });

async function succeeds(block: Block): Promise<void> {
  const { text, next } = block;
  const output = await runScript(text, place(block));
  if (next?.marks.includes('output')) expect(missingLines(next.text, output)).toEqual([]);
}

it(
  'in a fresh copy the first commands succeed, and print what is shown',
  async () => {
    if (alone[0]) await succeeds(alone[0]);
  },
  MAX_MS,
);

/** From here on the commands are those of the packages, which start without a compiler. */
describe('the others succeed, and print what is shown', () => {
  beforeAll(() => usePackages(copy, inject('tarballs')), MAX_MS);

  it.each(named(alone.slice(1)))('%s', (_, block) => succeeds(block), MAX_MS);
});

describe('beside a running cloud the commands succeed', () => {
  beforeAll(async () => {
    started = startScript(START, { cwd: copy, home });
    await started.line(/^ready/);
  }, MAX_MS);

  it.each(named(beside))(
    '%s',
    async (_, block) => {
      await runScript(block.text, place(block));
    },
    MAX_MS,
  );
});
