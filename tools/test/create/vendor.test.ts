import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { npm } from '#src/create/vendor';

it.skipIf(process.platform === 'win32')('npm that is not done in time is ended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'npm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = join(folder, 'npm');
  await writeFile(script, `#!${process.execPath}\nsetInterval(() => {}, 1000);\n`);
  await chmod(script, 0o755);
  const env = { ...process.env, PATH: folder };
  await expect(npm(folder, ['pack'], { env, limitMs: 600 })).rejects.toThrow(
    /^npm pack in .* was ended: it was not done after 0\.01 minutes/,
  );
});
