import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { realClock } from '#src/clock';
import { Identities } from '#src/identities/identities';
import { startOss } from '#src/oss/server';
import { repairDataFolder } from '#src/repair/data-folder';
import { startSmq } from '#src/smq/server';
import { command } from '#test/cli/command';
import { folderOf } from '#test/temporary-folder';

const MESSAGES = 200;

async function services(data: string) {
  const authority = new Identities({
    clock: realClock,
    accountId: '1000000000000001',
    accessKeyId: 'owner',
    accessKeySecret: 'owner',
  });
  const common = { clock: realClock, authority, region: 'cn-hangzhou' };
  const smq = await startSmq({ ...common, data: join(data, 'smq') });
  const oss = await startOss({ ...common, data: join(data, 'oss') });
  return {
    smq: smq.service,
    oss: oss.service,
    close: () => Promise.all([smq.close(), oss.close()]),
  };
}

/** Returns a data folder with messages and objects, closed. */
async function filled(): Promise<string> {
  const data = join(folderOf(), 'data');
  const { smq, oss, close } = await services(data);
  await smq.createQueue('q');
  for (let i = 0; i < MESSAGES; i++)
    await smq.send('q', { body: `message ${i} ${'x'.repeat(100)}` });
  await oss.apply({ buckets: [{ name: 'bucket', acl: 'private' }] });
  const properties = { headers: {}, meta: {}, acl: 'default', storageClass: 'Standard', tags: [] };
  for (const key of ['whole', 'short', 'altered'])
    await oss.objects.put(
      { bucket: 'bucket', key },
      Readable.from([Buffer.from(`content of ${key}`)]),
      { properties: properties as never },
      { requestId: 'r', sourceIp: '127.0.0.1', requester: '1' } as never,
    );
  await close();
  return data;
}

/** Returns the file with the content of an object. */
function contentFile(data: string, key: string): string {
  const blobs = join(data, 'oss', 'blobs');
  const files = readdirSync(blobs, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(blobs, name),
  );
  const found = files.find(
    (file) => statSync(file).isFile() && readFileSync(file, 'utf8') === `content of ${key}`,
  );
  if (!found) throw new Error(`no file has the content of ${key}`);
  return found;
}

function zeroPage(file: string, page: number): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, page * 4096, (page + 1) * 4096));
}

describe('fc-local repair', () => {
  it('saves messages and objects of a damaged folder, lists lost ones, and a cloud starts on the result', async () => {
    const data = await filled();
    const file = join(data, 'smq', 'data.mdb');
    const pages = statSync(file).size / 4096;
    // The page that contains the last of the messages.
    const bytes = readFileSync(file);
    zeroPage(file, Math.floor(bytes.lastIndexOf(`message ${MESSAGES - 1} `) / 4096));
    truncateSync(contentFile(data, 'short'), 3);
    writeFileSync(contentFile(data, 'altered'), 'CONTENT of altered');
    await expect(services(data)).rejects.toMatchObject({
      code: 'DamagedData',
      message: expect.stringMatching(/data\.mdb" is damaged: messages: page \d+ .* is all zeros/),
      remedy: expect.stringContaining('fc-local repair --data'),
    });

    const to = `${data}-repaired`;
    const { code, stdout, stderr } = await command(['repair', '--data', data]).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^smq: messages: page \d+ \(from byte \d+\) is all zeros$/m);
    expect(stdout).toMatch(/^oss: the content of "bucket\/short" has 3 bytes in place of 16$/m);
    expect(stdout).toMatch(/^oss: the content of "bucket\/altered" was altered$/m);
    expect(stdout).toMatch(/^saved smq queues: 1 of 1$/m);
    const [, saved = '0'] = /^saved smq messages: (\d+) of 200$/m.exec(stdout) ?? [];
    expect(stdout).toContain(`--data ${to}`);

    const { smq, oss, close } = await services(to);
    const bodies = smq.inspect('q').map(({ body }) => body);
    expect(bodies).toHaveLength(Number(saved));
    expect(Number(saved)).toBeGreaterThan(MESSAGES - (2 * MESSAGES) / pages - 40);
    expect(Number(saved)).toBeLessThan(MESSAGES);
    expect(oss.listObjects('bucket').map(({ key }) => key)).toEqual(['whole']);
    expect((await oss.readObject('bucket', 'whole')).toString()).toBe('content of whole');
    await close();
  });

  it('says that nothing is damaged where nothing is', async () => {
    const data = await filled();
    const { code, stdout } = await command(['repair', '--data', data, '--to', `${data}-2`]).ended;
    expect([code, stdout.split('\n')[0]]).toEqual([0, `nothing in "${data}" is damaged`]);
    expect(stdout).toContain(`saved smq messages: ${MESSAGES} of ${MESSAGES}`);
  });

  it.each([
    [['--data', '/nowhere'], '"/nowhere" does not exist'],
    [['--data', '/', '--to', '/'], '"/" is not empty'],
  ])('refuses %j', async (args, wanted) => {
    const { code, stderr } = await command(['repair', ...args]).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining(wanted)]);
  });

  it('refuses a new folder inside the damaged one, which is unchanged, and a file', async () => {
    const data = folderOf({ 'smq/x': '' });
    for (const [to, wanted] of [
      [join(data, 'inside'), `"${data}/inside" is in the data folder "${data}"`],
      [join(data, '..', 'smq', '..', `${basename(data)}/deep/er`), 'is in the data folder'],
      [fileURLToPath(import.meta.url), 'is a file: give a new folder'],
    ] as const) {
      const { code, stderr } = await command(['repair', '--data', data, '--to', to]).ended;
      expect([code, stderr]).toEqual([1, expect.stringContaining(wanted)]);
    }
    expect(readdirSync(data)).toEqual(['smq']);
  });

  it('says in one line that the disk of the new folder is full', async () => {
    const data = folderOf({ 'oss/blobs/x': 'content' });
    const full = Object.assign(new Error('ENOSPC: no space left on device, copyfile'), {
      code: 'ENOSPC',
      syscall: 'copyfile',
    });
    const spy = vi.spyOn(fs, 'cp').mockRejectedValue(full);
    syncBuiltinESMExports();
    onTestFinished(() => {
      spy.mockRestore();
      syncBuiltinESMExports();
    });
    await expect(repairDataFolder(data, `${data}-full`)).rejects.toMatchObject({
      code: 'NotSaved',
      message: `Not everything in "${data}" can be saved to "${data}-full": the disk is full`,
      remedy: expect.stringContaining('--to'),
    });
  });

  it('refuses a folder on which a cloud runs', async () => {
    const data = folderOf({ lock: String(process.pid) });
    const { code, stderr } = await command(['repair', '--data', data]).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('is in use by process')]);
    rmSync(`${data}-repaired`, { recursive: true, force: true });
  });
});

it('a message with a changed byte in its body is refused, not received', async () => {
  const data = await filled();
  const file = join(data, 'smq', 'data.mdb');
  const bytes = readFileSync(file);
  bytes.write('M', bytes.lastIndexOf('message 7 '));
  writeFileSync(file, bytes);
  await expect(services(data)).rejects.toMatchObject({
    code: 'DamagedData',
    message: expect.stringMatching(/messages: The record under \[1,\d+\] is damaged/),
  });
});
