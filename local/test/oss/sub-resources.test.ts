import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, type Reply, sendSigned, startTestCloud, type TestCloud } from './helpers.ts';
import { SDK_SUB_RESOURCES } from './sdk-parameters.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await cloud.oss.service.apply({ buckets: [{ name: EMPTY, acl: 'private' }] });
});
afterAll(() => cloud.close());

const KEY = 'kept';
const CONTENT = 'what was there before';
/** A bucket that is lost unless the request is refused. */
const EMPTY = 'empty-box';
const LEVELS = [
  ['service', { bucket: '' }],
  ['bucket', {}],
  ['object', { key: KEY }],
] as const;
const METHODS = ['GET', 'PUT', 'POST', 'DELETE'] as const;
/** Root elements of the plain operation of each level, whatever the parameter says. */
const PLAIN_ROOTS = ['ListAllMyBucketsResult', 'ListBucketResult'];
/** Parameters with an implemented operation, which may answer 200. */
const LISTS_IN_ITS_OWN_WAY = new Set(['list-type']);

const names = [
  ...new Set(Object.values(SDK_SUB_RESOURCES).flatMap((text) => text.trim().split(/\s+/))),
].sort();

function rootOf({ text }: Reply): string | undefined {
  return /^<\?xml[^>]*>\s*<([A-Za-z]+)/.exec(text)?.[1];
}

async function ask(method: string, level: object, name: string, value?: string): Promise<Reply> {
  return sendSigned(cloud, {
    method,
    query: { [name]: value },
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: '<Other/>' }),
    ...level,
  });
}

async function expectKept(what: string): Promise<void> {
  expect(cloud.oss.service.buckets.find(BUCKET), what).toBeDefined();
  expect(cloud.oss.service.buckets.find(EMPTY), what).toBeDefined();
  const content = await cloud.oss.service.readObject(BUCKET, KEY).catch(() => undefined);
  expect(content?.toString(), what).toBe(CONTENT);
}

describe('a sub-resource that an official SDK sends', () => {
  beforeAll(async () => {
    await sendSigned(cloud, { method: 'PUT', key: KEY, body: CONTENT });
  });

  it.each(names)(
    '?%s is done or refused, and never dropped for the plain operation',
    async (name) => {
      const asked: { method: string; level: string; target: object; value?: string }[] =
        LEVELS.flatMap(([level, target]) => METHODS.map((method) => ({ method, level, target })));
      // With a value too, where the plain operation would do the most harm.
      asked.push({ method: 'DELETE', level: 'bucket', target: {}, value: '1' });
      asked.push({ method: 'PUT', level: 'object', target: { key: KEY }, value: '1' });
      asked.push({ method: 'DELETE', level: 'object', target: { key: KEY }, value: '1' });
      const empty = { method: 'DELETE', level: 'empty bucket', target: { bucket: EMPTY } };
      asked.push(empty, { ...empty, value: '' }, { ...empty, value: '1' });
      for (const { method, level, target, value } of asked) {
        const what = `${method} ${level}?${name}=${value}`;
        const reply = await ask(method, target, name, value);
        expect(reply.status, what).not.toBe(500);
        if (method === 'GET' && reply.status === 200 && !LISTS_IN_ITS_OWN_WAY.has(name)) {
          expect(PLAIN_ROOTS, what).not.toContain(rootOf(reply));
          expect(reply.text, what).not.toBe(CONTENT);
        }
        await expectKept(what);
      }
    },
  );
});

describe('a parameter that no one knows', () => {
  beforeAll(async () => {
    await sendSigned(cloud, { method: 'PUT', key: KEY, body: CONTENT });
  });

  it.each(LEVELS)('without a value is 501 at the level of the %s', async (_, target) => {
    for (const method of METHODS)
      for (const value of [undefined, '']) {
        const reply = await ask(method, target, 'neverHeardOf', value);
        expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
        await expectKept(method);
      }
  });

  it('is named in the answer', async () => {
    const reply = await ask('DELETE', {}, 'neverHeardOf');
    expect(reply.element('Message')).toContain('&quot;neverHeardOf&quot; of DELETE bucket');
  });

  it('with a value is taken no notice of', async () => {
    const reply = await sendSigned(cloud, { key: KEY, query: { utm_source: 'mail' } });
    expect([reply.status, reply.text]).toEqual([200, CONTENT]);
  });

  it('that begins with x-oss- is 501 even with a value', async () => {
    const reply = await sendSigned(cloud, { key: KEY, query: { 'x-oss-later': '1' } });
    expect([reply.status, reply.element('Code')]).toEqual([501, 'NotImplemented']);
  });

  it('of a listing may be empty', async () => {
    const query = { prefix: '', delimiter: '', marker: '', 'max-keys': '', 'encoding-type': '' };
    expect((await sendSigned(cloud, { query })).status).toBe(200);
  });
});
