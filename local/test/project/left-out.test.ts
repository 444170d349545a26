import { describe, expect, it } from 'vitest';
import { sentenceOfLeftOut, withoutLines } from '#src/project/left-out';
import { oneFunction, oneStack, readFiles, refusalOf } from './project-folder.ts';

describe('a sentence about something left out', () => {
  it.each([
    ['Function "one": runtime "go1" is not run here', 'runtime "go1" is not run here'],
    ['Function "one" has no runtime', 'has no runtime'],
    ['Function "one" (s.yaml:4): its code cannot be taken', 'its code cannot be taken'],
    ['Function "one", code: src is empty', 'code: src is empty'],
    ['Function "one", trigger "t", triggerConfig: methods has ""', 'triggerConfig: methods has ""'],
    ['Function "two" has the name', 'Function "two" has the name'],
  ])('names it and its place once: %s', (reason, rest) => {
    const place = { what: 'Function "one"', resource: 'one', source: 's.yaml:4' };
    expect(sentenceOfLeftOut({ ...place, reason, remedy: 'do this' })).toBe(
      `Function "one" (s.yaml:4): ${rest}: do this`,
    );
  });

  it('is the same when lines have moved', () => {
    const sentence = (line: number) => `s.yaml:${line}: infra/a.json:${line}: port 9000:${9}`;
    expect(withoutLines(sentence(4))).toBe(withoutLines(sentence(44)));
    expect(withoutLines(sentence(4))).toContain('9000:9');
  });
});

describe('a project of nothing that runs', () => {
  const yaml = (resources: string) => ({
    's.yaml': `edition: 3.0.0\nname: app\nresources:${resources}\n`,
  });

  it.each([
    [
      '\n  db:\n    component: rds@1.2.3\n    props: {}',
      's.yaml:4: there is no function and no stack in it: "db" is of component rds@1.2.3: add a resource with component fc3',
    ],
    ['\n  db: 5', 's.yaml:4: Resource "db" is 5: write a map'],
    [' {}', 's.yaml: there is no function and no stack in it: add a resource with component fc3'],
  ])('says what there is instead: %j', async (resources, message) => {
    const files = yaml(resources);
    await expect(readFiles(files)).rejects.toMatchObject({
      message: expect.stringContaining(message.split(': add a')[0]?.split(': write')[0] ?? ''),
    });
    const text = files['s.yaml'];
    await expect(readFiles({ 'other.yaml': text }, { file: 'other.yaml' })).rejects.toMatchObject({
      message: expect.stringMatching(/^other\.yaml/),
    });
  });
});

describe('a stack whose template is not there', () => {
  const files = (): Record<string, string> => {
    const { 's.yaml': stack = '' } = oneStack('');
    const { 's.yaml': fn = '' } = oneFunction(
      `role: \${resources.infra.output.Role}\nenvironmentVariables: { QUEUE: '\${resources.infra.output.Queue}' }`,
    );
    return { 's.yaml': stack + fn.slice(fn.indexOf('  one:')) };
  };

  it('is left out by itself, and the function that has its outputs runs', async () => {
    const { functions, leftOut, warnings } = await readFiles(files());
    expect(leftOut).toMatchObject([
      {
        what: expect.stringMatching(/^Stack "/),
        reason: expect.stringMatching(/^There is no file .*infra\/template\.yaml$/),
        remedy: expect.stringMatching(/correct the path at s\.yaml:\d+$/),
      },
    ]);
    expect(functions.map(({ resource }) => resource)).toEqual(['one']);
    expect(warnings.join('\n')).toContain('QUEUE is "known-only-in-the-cloud"');
  });

  it('is an error where it is strict', async () => {
    expect(await refusalOf(files())).toMatch(/^There is no file .*infra\/template\.yaml: put it/);
  });
});
