import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, sendSigned, startTestCloud, type TestCloud } from '../helpers.ts';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const remove = (body: string, query = {}) =>
  sendSigned(cloud, { method: 'POST', query: { delete: undefined, ...query }, body });
const listed = (...keys: string[]) =>
  `<Delete>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`;

describe('DeleteMultipleObjects', () => {
  it('removes the keys named, with references and spaces as they are', async () => {
    for (const key of [' a&b ', 'c', 'd'])
      await sendSigned(cloud, { method: 'PUT', key, body: 'x' });
    const reply = await remove(listed(' a&amp;b ', 'c', 'missing'));
    expect(reply.status).toBe(200);
    expect(cloud.oss.service.listObjects(BUCKET).map(({ key }) => key)).toEqual(['d']);
  });

  it('encodes keys when asked to', async () => {
    const reply = await remove(listed('ü b'), { 'encoding-type': 'url' });
    expect(reply.element('Key')).toBe('%C3%BC%20b');
  });

  it('with an encoding that is none is refused, and removes none', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    const reply = await remove(listed('a'), { 'encoding-type': 'base64' });
    expect(reply.element('Code')).toBe('InvalidArgument');
    expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['no key', '<Delete></Delete>'],
    ['broken XML', '<Delete><Object>'],
    ['1001 keys', listed(...Array.from({ length: 1001 }, (_, index) => `k${index}`))],
    [
      'an entity bomb',
      '<!DOCTYPE Delete [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>',
    ],
  ])('with %s is malformed', async (_, body) => {
    const reply = await remove(body);
    expect([reply.status, reply.element('Code'), reply.element('EC')]).toEqual([
      400,
      'MalformedXML',
      '0015-00000231',
    ]);
  });

  it.each(['<Object/>', '<Object><Key/></Object>'])(
    'with an object without a key is refused, and removes none: %s',
    async (object) => {
      await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
      const reply = await remove(`<Delete><Object><Key>a</Key></Object>${object}</Delete>`);
      expect([reply.status, reply.element('Code')]).toEqual([400, 'UserKeyMustBeSpecified']);
      expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
    },
  );

  it('with a key that cannot be is refused, and removes none', async () => {
    await sendSigned(cloud, { method: 'PUT', key: 'a', body: 'x' });
    expect((await remove(listed('a', '/b'))).element('Code')).toBe('InvalidObjectName');
    expect(cloud.oss.service.listObjects(BUCKET)).toHaveLength(1);
  });

  it('with the wrong digest is refused', async () => {
    const reply = await sendSigned(cloud, {
      method: 'POST',
      query: { delete: undefined },
      headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
      body: listed('a'),
    });
    expect(reply.element('Code')).toBe('InvalidDigest');
  });

  it('in a body larger than any that is right is refused', async () => {
    const reply = await remove('x'.repeat(4 * 1024 * 1024 + 1));
    expect(reply.element('Code')).toBe('EntityTooLarge');
  });
});
