import hashWasm from 'hash-wasm/dist/crc64.umd.min.js';
import { expect, it, vi } from 'vitest';
import { callOpenApi } from '#src/openapi/client';
import { createCrc64 } from '#src/oss/bucket/crc64';
import { sdk } from '#src/smq/sdk';
import { oddServer, reply } from './odd-server.ts';

it('loads the client of SMQ again after that failed', async () => {
  vi.doMock('@alicloud/mns/lib/client.js', () => {
    throw new Error('too many open files');
  });
  await expect(sdk()).rejects.toThrow();
  vi.doUnmock('@alicloud/mns/lib/client.js');
  const Client = await sdk();
  expect(Client).toBeTypeOf('function');
  expect(await sdk()).toBe(Client);
});

it('loads the client of OpenAPIs again after that failed', async () => {
  const endpoint = await oddServer(
    reply(200, { 'content-type': 'application/json' }, '{"Done":true}'),
  );
  const call = () =>
    callOpenApi({ service: 'sts', endpoint, version: '2015-04-01', action: 'A', parameters: {} });
  vi.doMock('@alicloud/openapi-core', () => {
    throw new Error('too many open files');
  });
  await expect(call()).rejects.toThrow();
  vi.doUnmock('@alicloud/openapi-core');
  expect(await call()).toEqual({ Done: true });
});

it('makes the engine of CRC-64 again after that failed', async () => {
  vi.spyOn(hashWasm, 'createCRC64').mockRejectedValueOnce(new Error('out of memory'));
  await expect(createCrc64()).rejects.toThrow('out of memory');
  const crc = await createCrc64();
  crc.update(Buffer.from('123456789'));
  expect(crc.digest()).toBe('11051210869376104954');
});
