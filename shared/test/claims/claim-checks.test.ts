import { deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { checkIn, MAX_CLAIM_BYTES, parseClaim, resolveClaim } from '#src/claims/claim-checks';
import { publish } from '#src/publish/publish';
import { localServices } from '../publish/local-services.ts';

const LARGE = `${'<'.repeat(30_000)} 📦 \r\n`;

it('sends a large payload whole through the bucket', async () => {
  const { topic, bucket, queued } = await localServices();
  const [outcome] = await publish(topic, [{ payload: LARGE }], { claims: bucket });
  const claimKey = outcome?.ok ? outcome.value.claimKey : undefined;
  const [body = ''] = queued();
  expect(body.length).toBeLessThan(300);
  const resolved = await resolveClaim(bucket, body);
  expect(resolved).toEqual({
    body: LARGE,
    claim: {
      key: claimKey,
      size: Buffer.byteLength(LARGE),
      crc64: expect.stringMatching(/^\d+$/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(claimKey).toMatch(/^claims\/\d{4}-\d\d-\d\d\/[0-9a-f-]{36}$/);
});

it('leaves every other body unchanged, without a request', async () => {
  const { bucket, chosen } = await localServices();
  chosen.fault = () => 'error';
  for (const body of ['', 'text', '{}', '{"id":"claimCheck"}', '[1]', '{"a":{"claimCheck":{}}}'])
    expect(await resolveClaim(bucket, body)).toEqual({ body });
});

it('reports a payload whose object was removed as gone', async () => {
  const { bucket } = await localServices();
  const { body, claim } = await checkIn(bucket, LARGE);
  await bucket.deleteObject(claim.key);
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({
    name: 'InvalidInputError',
    code: 'ClaimGone',
  });
});

it.each([
  ['size', 'short'],
  ['CRC-64', 'another payload'],
])('refuses an object whose %s is not the claimed one', async (differs, content) => {
  const { bucket } = await localServices();
  const { body, claim } = await checkIn(bucket, 'exactly this 15');
  await bucket.putObject(claim.key, content);
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({
    code: 'ClaimMismatch',
    issues: [{ path: 'claimCheck', message: `${differs} differs` }],
  });
});

it('refuses an object that only its SHA-256 distinguishes from the claimed one', async () => {
  const { bucket } = await localServices();
  const { claim } = await checkIn(bucket, 'payload');
  const body = JSON.stringify({ claimCheck: { ...claim, sha256: '0'.repeat(64) } });
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({
    issues: [{ message: 'SHA-256 differs' }],
  });
});

it('reports a failure of OSS as one that may be tried again', async () => {
  const { bucket, chosen } = await localServices();
  const { body } = await checkIn(bucket, 'payload');
  chosen.fault = () => 'throttled';
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({ retryable: true });
});

const CLAIM = { key: 'claims/2026-01-02/a', size: 1, crc64: '1', sha256: '0'.repeat(64) };

it.each([
  ['points elsewhere', { ...CLAIM, key: 'orders/secret' }],
  ['steps out of its prefix', { ...CLAIM, key: 'claims/../orders/x' }],
  ['has no checksum', { ...CLAIM, crc64: undefined }],
  ['has a negative size', { ...CLAIM, size: -1 }],
  ['has a field more', { ...CLAIM, bucket: 'another' }],
])('refuses a claim that %s', (_, claim) => {
  expect(parseClaim(JSON.stringify({ claimCheck: CLAIM }))).toEqual(CLAIM);
  expect(() => parseClaim(JSON.stringify({ claimCheck: claim }))).toThrow(
    expect.objectContaining({ code: 'InvalidClaim' }),
  );
});

it('refuses a claim that breaks off', () => {
  expect(() => parseClaim('{"claimCheck": {')).toThrow(/not valid/);
});

it('reads nothing of an object that is larger than its message claims', async () => {
  const { bucket } = await localServices();
  const { body, claim } = await checkIn(bucket, 'ten bytes.');
  await bucket.putObject(claim.key, Buffer.alloc(4 * 1024 * 1024));
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({
    name: 'InvalidInputError',
    code: 'InvalidClaim',
    issues: [{ path: 'claimCheck.size', message: expect.stringContaining('10 bytes') }],
  });
});

it.each(['gzip', 'deflate'] as const)('unpacks %s, up to the claimed size', async (encoding) => {
  const { bucket } = await localServices();
  const pack = encoding === 'gzip' ? gzipSync : deflateSync;
  const payload = '{"n":1}'.repeat(1000);
  const { body, claim } = await checkIn(bucket, payload);
  const headers = { 'Content-Encoding': encoding };
  await bucket.putObject(claim.key, pack(payload), { headers });
  expect(await resolveClaim(bucket, body)).toEqual({ body: payload, claim });
  await bucket.putObject(claim.key, pack(Buffer.alloc(3 * 1024 * 1024)), { headers });
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({ code: 'InvalidClaim' });
});

it.each(['gzip', 'br'])(
  'refuses an object that is labelled %s and is not packed so',
  async (encoding) => {
    const { bucket } = await localServices();
    const { body, claim } = await checkIn(bucket, 'payload');
    await bucket.putObject(claim.key, 'payload', { headers: { 'Content-Encoding': encoding } });
    await expect(resolveClaim(bucket, body)).rejects.toMatchObject({ code: 'InvalidClaim' });
  },
);

it('refuses a payload of more than 32 MiB on either side', async () => {
  const { bucket } = await localServices();
  await expect(checkIn(bucket, 'x'.repeat(MAX_CLAIM_BYTES + 1))).rejects.toMatchObject({
    code: 'PayloadTooLarge',
    status: 413,
  });
  const { claim } = await checkIn(bucket, 'x');
  const body = JSON.stringify({ claimCheck: { ...claim, size: MAX_CLAIM_BYTES + 1 } });
  await expect(resolveClaim(bucket, body)).rejects.toMatchObject({ code: 'InvalidClaim' });
});

it('accepts an empty payload', async () => {
  const { bucket } = await localServices();
  const { body, claim } = await checkIn(bucket, '');
  expect(await resolveClaim(bucket, body)).toEqual({ body: '', claim });
});

it('reads a claim check after a byte order mark', () => {
  expect(parseClaim(`\ufeff${JSON.stringify({ claimCheck: CLAIM })}`)).toEqual(CLAIM);
});
