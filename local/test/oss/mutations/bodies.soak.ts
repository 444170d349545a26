import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, OWNER, send, sendSigned } from '../helpers.ts';
import {
  answered,
  below,
  type DiskCloud,
  each,
  keysIn,
  mutate,
  pick,
  sendRaw,
  startDiskCloud,
} from './mutations.ts';

let cloud: DiskCloud;
beforeAll(async () => {
  cloud = await startDiskCloud();
});
afterAll(() => cloud.close());

const keys = () => keysIn(cloud);

describe('three and a half thousand mutated bodies', () => {
  it('1,000 bodies that are cut off, or of another digest, leave the object unchanged', async () => {
    await each(1000, async (round) => {
      if (round % 2 === 0) {
        const digest = Buffer.alloc(16, below(256)).toString('base64');
        const reply = await sendSigned(cloud, {
          method: 'PUT',
          key: 'a',
          body: `other ${round}`,
          headers: { 'content-md5': digest },
        });
        expect([reply.status, reply.element('Code')]).toEqual([400, 'InvalidDigest']);
        return;
      }
      const date = new Date(cloud.clock.now()).toUTCString();
      const signature = createHmac('sha1', OWNER.accessKeySecret)
        .update(`PUT\n\n\n${date}\n/${BUCKET}/a`)
        .digest('base64');
      const whole = Buffer.from(
        `PUT /${BUCKET}/a HTTP/1.1\r\nHost: localhost\r\nDate: ${date}\r\nAuthorization: OSS ${OWNER.accessKeyId}:${signature}\r\nContent-Length: 5000\r\n\r\n${'y'.repeat(5000)}`,
      );
      expect(await sendRaw(cloud, whole.subarray(0, whole.length - 1 - below(4900)))).not.toMatch(
        /^HTTP\/1.1 2/,
      );
    });
    expect(await cloud.oss.service.readObject(BUCKET, 'a')).toEqual(Buffer.from('text'));
  });

  it('1,000 forms whose policy does not match, or was changed, store nothing', async () => {
    const expiration = new Date(cloud.clock.now() + 600_000).toISOString();
    const policyText = JSON.stringify({
      expiration,
      conditions: [['eq', '$key', 'form'], ['content-length-range', 1, 5], { bucket: BUCKET }],
    });
    const policy = Buffer.from(policyText).toString('base64');
    const signature = createHmac('sha1', OWNER.accessKeySecret).update(policy).digest('base64');
    const form = (fields: Record<string, string>, file: string) =>
      `${Object.entries({ ...fields, file })
        .map(
          ([name, value]) =>
            `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        )
        .join('')}--b--\r\n`;
    const fields = { key: 'form', OSSAccessKeyId: OWNER.accessKeyId, policy, Signature: signature };
    const post = (body: string) =>
      send(cloud, {
        method: 'POST',
        path: `/${BUCKET}/`,
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body,
      });
    expect((await post(form(fields, 'four'))).status).toBe(204);
    await sendSigned(cloud, { method: 'DELETE', key: 'form' });
    await each(1000, async (round) => {
      const body =
        [
          () => form({ ...fields, key: `${mutate('form', 'abc')}x` }, 'four'),
          () => form(fields, pick(['', 'x'.repeat(6), 'x'.repeat(100_000)])),
          () =>
            form(
              {
                ...fields,
                policy: Buffer.from(`${mutate(policyText, '[]{},"$a1')} `).toString('base64'),
              },
              'four',
            ),
          () => form({ ...fields, Signature: `x${mutate(signature, 'abc')}` }, 'four'),
          () => form(fields, 'four').slice(0, -1 - below(300) - 8),
        ][round % 5]?.() ?? '';
      const reply = await post(body);
      answered(reply, body);
      expect(reply.status, body).toBeGreaterThanOrEqual(400);
    });
    expect(keys()).toEqual(['a']);
  });

  it('1,500 requests with bytes changed get an answer or a closed connection', async () => {
    const whole = Buffer.from(
      `PUT /${BUCKET}/raw?x=1&acl HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nOrigin: http://a\r\nx-oss-meta-a: b\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntext\r\n0\r\n\r\n`,
    );
    await each(1500, async () => {
      const bytes = Buffer.from(whole);
      for (let change = 0; change <= below(4); change += 1) bytes[below(bytes.length)] = below(256);
      expect(await sendRaw(cloud, bytes), bytes.toString('latin1')).not.toMatch(
        /HTTP\/1.1 (?:2|500)/,
      );
    });
    expect(keys()).toEqual(['a']);
    expect((await sendSigned(cloud, { key: 'a' })).text).toBe('text');
  });
});
