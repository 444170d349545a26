import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Files } from '#src/parts/files';
import { ROOT } from '#test/repository';
import { NAMES, plus, project } from './catalog.ts';
import { written } from './written.ts';

const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
/** What is formatted the same under the shortest and the longest name is so under each between. */
const SHORTEST = 'q';
const LONGEST = `long-${'n'.repeat(26)}`;

/** Returns what the formatter and the linter find in these files. */
async function findings(files: Files): Promise<string> {
  const root = await written(files);
  const args = [BIOME, 'check', '--error-on-warnings', '--max-diagnostics=100', '--colors=off'];
  try {
    execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
    return '';
  } catch (error) {
    return String(Reflect.get(Object(error), 'stderr'));
  }
}

it.each([SHORTEST, LONGEST])(
  'each copy named %s is formatted as the formatter requires',
  async (name) => {
    const all = new Map<string, string>();
    for (const from of NAMES) {
      const before = project([from]);
      // Each in a separate folder, since all have one name.
      for (const [path, text] of plus(before, from, name))
        if (path === 'biome.json' || path === '.gitignore') all.set(path, text);
        else if (!before.has(path)) all.set(`${from}/${path}`, text);
    }
    expect(all.size).toBeGreaterThan(3 * NAMES.length);
    expect(await findings(all)).toBe('');
  },
);

it('finds files that are not formatted', async () => {
  const files = new Map(project(['queue-consumer']));
  files.set('test/a.ts', 'export const a   = 1;\n');
  expect(await findings(files)).toContain('test/a.ts format');
});
