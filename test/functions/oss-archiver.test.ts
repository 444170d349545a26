import { type TestCloud, until } from 'fc-local/testing';
import { expect, it, onTestFinished } from 'vitest';
import { handler } from '#functions/oss-archiver';
import { calledDirectly, localCloud } from '#test/local-cloud';

const OUTPUT = 'archives/notes.zip';
const ORDER = { prefix: 'uploads/notes/', output: OUTPUT };
const eventOf = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Returns the entries' names, from the directory at the end of a zip: a name has 46 bytes before it. */
async function namesIn(cloud: TestCloud): Promise<string[]> {
  const { body } = await cloud.bucket().object(OUTPUT);
  const names: string[] = [];
  const MARK = Buffer.from('PK\x01\x02');
  for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + 1))
    names.push(body.subarray(at + 46, at + 46 + body.readUInt16LE(at + 28)).toString());
  return names;
}

async function withNotes(cloud: TestCloud): Promise<void> {
  for (const name of ['a.txt', 'b.txt']) await cloud.bucket().put(`uploads/notes/${name}`, name);
}

it('makes one zip of the objects under a prefix', async () => {
  const { cloud, context } = await calledDirectly('oss-archiver');
  await withNotes(cloud);
  expect(await handler(eventOf(ORDER), context)).toMatchObject({
    state: 'archived',
    output: OUTPUT,
    objects: 2,
    skipped: [],
  });
  expect(await namesIn(cloud)).toEqual(['uploads/notes/a.txt', 'uploads/notes/b.txt']);
});

it('makes one zip of the keys given, as a bundle', async () => {
  const cloud = await localCloud();
  await withNotes(cloud);
  const order = { keys: ['uploads/notes/b.txt', 'uploads/gone'], output: OUTPUT };
  const archiver = cloud.function('oss-archiver');
  const { body } = await archiver.invoke(JSON.stringify(order));
  expect(JSON.parse(body.toString())).toMatchObject({
    state: 'archived',
    objects: 1,
    skipped: [{ key: 'uploads/gone', code: 'NoSuchKey' }],
  });
  expect(await namesIn(cloud)).toEqual(['uploads/notes/b.txt']);
});

it('invokes itself when its time is up, and continues from there', async () => {
  const cloud = await localCloud();
  const archiver = cloud.function('oss-archiver');
  await withNotes(cloud);
  const { context, restore } = archiver.calledDirectly({ timeout: 0.001 });
  onTestFinished(restore);
  expect(await handler(eventOf(ORDER), context)).toMatchObject({
    state: 'unfinished',
    next: { run: 2 },
  });
  await until(() => cloud.bucket().keys('archives/').includes(OUTPUT));
  expect(await namesIn(cloud)).toEqual(['uploads/notes/a.txt', 'uploads/notes/b.txt']);
});

it.each([
  ['no JSON', Buffer.from('uploads/'), 'InvalidArchiveEvent'],
  ['neither prefix nor keys', eventOf({ output: OUTPUT }), 'InvalidArchiveEvent'],
  ['both', eventOf({ ...ORDER, keys: ['uploads/a'] }), 'InvalidArchiveEvent'],
  ['an unknown field', eventOf({ ...ORDER, deflate: true }), 'InvalidArchiveEvent'],
  ['another prefix', eventOf({ ...ORDER, prefix: 'orders/' }), 'KeyNotAllowed'],
  ['an output under the input', eventOf({ ...ORDER, output: 'uploads/a.zip' }), 'KeyNotAllowed'],
])('refuses %s', async (_, event, code) => {
  const { context } = await calledDirectly('oss-archiver');
  await expect(handler(event, context)).rejects.toMatchObject({ code });
});

it('refuses prefixes of which one begins the other', async () => {
  const { context } = await calledDirectly('oss-archiver');
  process.env.OUTPUT_PREFIX = 'uploads/archives/';
  await expect(handler(eventOf(ORDER), context)).rejects.toMatchObject({ code: 'OutputLoops' });
});
