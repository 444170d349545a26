import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { oddServer, silentServer } from '#test/odd-server';
import { clientOf } from '../local-oss.ts';

afterEach(() => void vi.useRealTimers());

const OSS = { 'x-oss-request-id': '5FFF000000000000000000A1', etag: '"1"' };
const REFUSAL = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';

/** Refuses each request before its body has come, of which it reads nothing, and keeps the connection. */
async function refusingServer() {
  const requests: IncomingMessage[] = [];
  const url = await oddServer((request, response) => {
    requests.push(request);
    const headers = { ...OSS, 'content-length': String(REFUSAL.length) };
    response.writeHead(403, headers).write(REFUSAL);
    request.pause();
  });
  return { url, requests };
}

describe('the transport of ali-oss', () => {
  it('closes the source and the connection when the answer comes before the whole body was sent', async () => {
    const { url } = await refusingServer();
    const source = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024 * 1024);
      })(),
    );
    const sdk = await clientOf(url).sdk();
    await expect(sdk.putStream('key', source)).rejects.toMatchObject({ code: 'AccessDenied' });
    if (!source.closed) await once(source, 'close');
  });

  it('closes the connection when the answer comes before all bytes in memory were sent', async () => {
    const { url, requests } = await refusingServer();
    const outcome = clientOf(url).putObject('key', Buffer.alloc(32 * 1024 * 1024));
    await expect(outcome).rejects.toMatchObject({ code: 'AccessDenied' });
    const [request] = requests as [IncomingMessage];
    await finished(request.resume()).catch(() => {});
    expect(request.complete).toBe(false);
  });

  it('rejects when the file that an answer is to be written to cannot be opened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'transport-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { url } = await silentServer();
    const sdk = await clientOf(url).sdk();
    const outcome = sdk.get('key', join(folder, 'missing', 'file'));
    await expect(outcome).rejects.toThrow('ENOENT');
  });

  it('rejects with the reason when a header cannot be sent, and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sdk = await clientOf('http://localhost:9').sdk();
    const headers = { 'x-oss-meta-a': 'two\nlines' };
    const outcome = sdk.put('key', Buffer.from('1'), { headers }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000); // the pause before the second try
    expect(await outcome).toMatchObject({
      status: -1,
      message: expect.stringContaining('Invalid character in header content'),
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});
