import { describe, expect, it } from 'vitest';
import { upload } from '#src/oss/upload/upload';
import { LARGE, never, options, PART, throughProxy } from './through-proxy.ts';

describe('an AbortSignal', () => {
  it('stops an upload and leaves nothing', async () => {
    const stop = new AbortController();
    const { client, direct, left } = await throughProxy(({ part }) => {
      if (part === 2) stop.abort(new Error('lease lost'));
      return false;
    });
    await expect(
      upload(client, 'key', LARGE, options({ signal: stop.signal, parallel: 2 })),
    ).rejects.toThrow('lease lost');
    expect(await left()).toEqual([]);
    expect((await direct.listObjects()).objects).toEqual([]);
  });

  it('stops one whose source hangs', async () => {
    const stop = new AbortController();
    const { client, left } = await throughProxy(({ part }) => {
      if (part === 1) stop.abort();
      return false;
    });
    async function* hanging() {
      yield LARGE.subarray(0, PART);
      await new Promise(() => {});
    }
    await expect(
      upload(client, 'key', hanging(), options({ signal: stop.signal })),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(await left()).toEqual([]);
  });

  it('that has fired already sends nothing', async () => {
    const { client, seen } = await throughProxy(never);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(upload(client, 'key', LARGE, options({ signal }))).rejects.toThrow('too late');
    expect(seen).toEqual([]);
  });
});
