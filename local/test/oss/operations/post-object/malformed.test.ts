import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, type Reply, startTestCloud, type TestCloud } from '../../helpers.ts';
import { encode, file, formsFor } from './forms.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const { nothingStored, post, postBody } = formsFor(() => cloud);

describe('a body that is no form', () => {
  it.each<[string, () => Promise<Reply>, string]>([
    [
      'has another type',
      () => postBody(Buffer.from('x'), 'text/plain'),
      'RequestIsNotMultiPartContent',
    ],
    [
      'has a type that only begins like it',
      () => postBody(Buffer.from('x'), 'multipart/form-data2;boundary=x'),
      'RequestIsNotMultiPartContent',
    ],
    [
      'has no boundary',
      () => postBody(Buffer.from('x'), 'multipart/form-data'),
      'MalformedPOSTRequest',
    ],
    ['is empty', () => postBody(Buffer.alloc(0)), 'MalformedPOSTRequest'],
    [
      'starts with something else',
      () => postBody(Buffer.from('x'.repeat(100_000))),
      'MalformedPOSTRequest',
    ],
    [
      'ends too early',
      () =>
        postBody(encode([{ name: 'key', value: 'a' }, file('x'.repeat(1000))]).subarray(0, -200)),
      'MalformedPOSTRequest',
    ],
    ['has no file', () => post({ key: 'a' }, []), 'IncorrectNumberOfFilesInPOSTRequest'],
    ['has no key', () => post({}), 'InvalidArgument'],
    [
      'has its key after the file',
      () => post({}, [file(), { name: 'key', value: 'a' }]),
      'InvalidArgument',
    ],
    ['has a field twice', () => post({ key: 'a', KEY: 'b' }), 'MalformedPOSTRequest'],
    ['has a part without a name', () => post({ '': 'a' }), 'MalformedPOSTRequest'],
    [
      'has a field that is too long',
      () => post({ key: 'a', long: 'x'.repeat(100_000) }),
      'FieldItemTooLong',
    ],
    [
      'has too many fields',
      () =>
        post(
          Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`f${n}`, 'x'.repeat(60_000)])),
        ),
      'FieldItemTooLong',
    ],
    ['has a key that is none', () => post({ key: '/a' }), 'InvalidObjectName'],
    [
      'goes nowhere',
      () => post({ key: 'a', success_action_redirect: 'javascript:1' }),
      'InvalidArgument',
    ],
    [
      'has a wrong digest',
      () => post({ key: 'a', 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
      'InvalidDigest',
    ],
  ])('because it %s is refused, and nothing is stored', async (_, attempt, code) => {
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    const reply = await attempt();
    expect([reply.status, reply.element('Code')]).toEqual([400, code]);
    nothingStored();
  });

  it('because it asks for something not implemented is 501, and nothing is stored', async () => {
    await cloud.oss.service.apply({ buckets: [{ name: BUCKET, acl: 'public-read-write' }] });
    const reply = await post({ key: 'a', 'x-oss-object-worm-mode': 'COMPLIANCE' });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
    nothingStored();
  });
});
