import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { codeDigest } from '#src/reload/code-digest';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'code-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, 'index.js'), 'exports.handler = 1;');
  return path;
}

it('is another text for other code, and the same for the same', async () => {
  const path = folder();
  const before = await codeDigest(path);
  expect(await codeDigest(path)).toBe(before);
  writeFileSync(join(path, 'index.js'), 'exports.handler = 2;');
  expect(await codeDigest(path)).not.toBe(before);
  expect(await codeDigest(join(path, 'none'))).toBeUndefined();
});

it('leaves out a data folder in it, which is not deployed', async () => {
  const path = folder();
  const data = join(path, '.local');
  const before = await codeDigest(path, [data]);
  mkdirSync(data);
  writeFileSync(join(data, 'messages'), 'one');
  expect(await codeDigest(path, [data])).toBe(before);
});

it.skipIf(process.platform === 'win32')(
  'does not wait for a pipe that no one writes to',
  async () => {
    const path = folder();
    execFileSync('mkfifo', [join(path, 'pipe')]);
    expect(await codeDigest(path)).toMatch(/^[0-9a-f]{64}$/);
  },
);

it('reads many files without a warning of Node', async () => {
  const path = folder();
  for (let i = 0; i < 40; i++) writeFileSync(join(path, `${i}.js`), String(i));
  const warned = vi.fn();
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  await codeDigest(path);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warned).not.toHaveBeenCalled();
});
