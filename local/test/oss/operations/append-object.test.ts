import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const append = (position: string, tagging: string) =>
  sendSigned(cloud, {
    method: 'POST',
    key: 'a.txt',
    query: { append: undefined, position },
    body: 'four',
    headers: { 'x-oss-tagging': tagging },
  });
const stored = () => cloud.oss.service.objects.find({ bucket: BUCKET, key: 'a.txt' });

describe('AppendObject', () => {
  it('applies tags to a new object, and ignores them afterwards', async () => {
    expect((await append('0', 'a=b=c')).element('Code')).toBe('InvalidTag');
    expect((await append('0', 'a=1')).status).toBe(200);
    for (const [position, tagging] of [
      ['4', 'b=2'],
      ['8', 'b=2=3'],
    ] as const)
      expect((await append(position, tagging)).status).toBe(200);
    expect(stored()).toMatchObject({ size: 12, tags: [['a', '1']] });
  });

  it("gives a new object the type of its key's extension", async () => {
    await append('0', '');
    expect(stored()?.headers).toEqual({ 'content-type': 'text/plain' });
  });
});
