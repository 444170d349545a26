import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendSigned } from '../helpers.ts';
import {
  answered,
  type DiskCloud,
  each,
  keysIn,
  mutate,
  pick,
  startDiskCloud,
} from './mutations.ts';

let cloud: DiskCloud;
beforeAll(async () => {
  cloud = await startDiskCloud();
});
afterAll(() => cloud.close());

const keys = () => keysIn(cloud);

describe('two and a half thousand mutated documents', () => {
  it('1,500 bodies of XML, malformed and mutated, take effect as written or are refused', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(100)}">]><Delete><Object><Key>&x;</Key></Object></Delete>`;
    const documents: [method: string, query: string, body: string, key?: string][] = [
      ['POST', 'delete', '<Delete><Quiet>true</Quiet><Object><Key>none</Key></Object></Delete>'],
      ['POST', 'delete', bomb],
      [
        'PUT',
        'tagging',
        '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
        'a',
      ],
      [
        'PUT',
        'cors',
        '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
      ],
      [
        'PUT',
        'lifecycle',
        '<LifecycleConfiguration><Rule><ID>a</ID><Prefix>zz</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>',
      ],
      [
        'POST',
        'uploadId',
        '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"00"</ETag></Part></CompleteMultipartUpload>',
        'a',
      ],
    ];
    await each(1500, async () => {
      const [method, name, body, key] = pick(documents);
      const query = { [name]: name === 'uploadId' ? 'A'.repeat(32) : undefined };
      const signed = { method, query, key, body: mutate(body, '<>/&;a\u0000"]!') };
      answered(await sendSigned(cloud, signed), signed);
    });
    expect(keys()).toEqual(['a']);
  });

  it('1,000 completions with parts out of order, twice, too small or of another upload are refused', async () => {
    const client = cloud.client();
    const { uploadId } = await client.initMultipartUpload('big');
    const eTags: string[] = [];
    for (const [index, size] of [102_400, 10, 102_400].entries()) {
      const reply = await sendSigned(cloud, {
        method: 'PUT',
        key: 'big',
        query: { partNumber: String(index + 1), uploadId },
        body: Buffer.alloc(size, index),
      });
      eTags.push(String(reply.headers.etag));
    }
    const wrong = () => {
      const numbers = pick([
        [2, 1],
        [1, 1],
        [1, 2, 3],
        [3, 2, 1],
        [1, 4],
        [0, 1],
        [1, 10_001],
        [2, 3],
        [4],
        [1, 3, 3],
      ]);
      return numbers.map((number) => ({
        number,
        eTag: pick([eTags[number - 1] ?? '"0"', eTags[number - 1] ?? '"0"']),
      }));
    };
    await each(1000, async () => {
      const parts = wrong();
      const body = `<CompleteMultipartUpload>${parts.map(({ number, eTag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${eTag}</ETag></Part>`).join('')}</CompleteMultipartUpload>`;
      const reply = await sendSigned(cloud, {
        method: 'POST',
        key: 'big',
        query: { uploadId },
        body,
      });
      expect(reply.status, body).toBe(400);
    });
    await client.abortMultipartUpload('big', uploadId);
    expect(keys()).toEqual(['a']);
  });
});
