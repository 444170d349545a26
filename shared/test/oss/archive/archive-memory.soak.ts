import { execFile, execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { OssClient } from '#src/oss/bucket/client';
import { BUCKET, OWNER, REGION } from '../../../bench/upload/account.ts';
import { MIB, rig } from '../../../bench/upload/measure.ts';

const SIZE = 2048 * MIB;
const TSX = ['--import', 'tsx', '--conditions=fc-source'];
/** The option with which Function Compute starts Node in a function of 512 MB. */
const HEAP = '--max-old-space-size=460';

it('archives an object of 2 GiB within a 512 MB function, in several runs, and python3 reads it back', async () => {
  const large = await rig(SIZE);
  const zip = join(dirname(large.file), 'read-back.zip');
  try {
    await large.run('upload, from a file');
    const script = join(import.meta.dirname, 'archive-process.ts');
    const args = [HEAP, ...TSX, script, large.url];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { rss, runs } = JSON.parse(stdout) as { rss: number; runs: number };
    expect(rss / MIB).toBeLessThan(512);
    expect(runs).toBeGreaterThan(1);

    const env = { OSS_ENDPOINT: large.url };
    const client = new OssClient({ bucket: BUCKET, region: REGION, credentials: OWNER, env });
    const { body } = await client.getObjectStream('archives/large.zip');
    await pipeline(body, createWriteStream(zip));
    const check =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.infolist()[0].file_size)';
    expect(Number(execFileSync('python3', ['-c', check, zip]))).toBe(SIZE);
    execFileSync('unzip', ['-tqq', zip]);
  } finally {
    await large.close();
    await rm(zip, { force: true });
  }
});
