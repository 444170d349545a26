import { describe, expect, it } from 'vitest';
import { named, readFiles, refusalOf } from '../project-folder.ts';

describe('a parameter', () => {
  const withParameter = (declaration: string, given = '') => {
    const files = named('{ Ref: P }', `Parameters:\n  P: ${declaration}\n`);
    return {
      ...files,
      's.yaml': `${files['s.yaml']}${given && `      parameters:\n        ${given}\n`}`,
    };
  };

  it('takes the value of s.yaml before its default', async () => {
    const files = withParameter('{ Type: String, Default: a }', 'P: b');
    expect((await readFiles(files)).queues[0]?.name).toBe('b');
  });

  it.each([
    [
      'keys for a console',
      '{ Type: String, Default: a, NoEcho: true, AssociationProperty: x }',
      'a',
    ],
    ["another service's type", "{ Type: 'ALIYUN::OSS::Bucket::BucketName', Default: a }", 'a'],
    ['nothing', '{ Type: String }', 'known-only-in-the-cloud'],
  ])('may have %s', async (_, declaration, value) => {
    expect((await readFiles(withParameter(declaration))).queues[0]?.name).toBe(value);
  });

  it('of a list, or of JSON, may be a text', async () => {
    const lists = [
      "{ Type: CommaDelimitedList, Default: 'a, b' }",
      `{ Type: Json, Default: '["a","b"]' }`,
    ];
    for (const declaration of lists) {
      const files = named("{ Fn::Join: ['-', { Ref: P }] }", `Parameters:\n  P: ${declaration}\n`);
      expect((await readFiles(files)).queues[0]?.name).toBe('a-b');
    }
  });

  it.each([
    [
      'no value',
      '{ Type: String }',
      '',
      /^infra\/template\.yaml:8: Parameter "P" has neither a value nor a Default/,
    ],
    [
      'a name the template lacks',
      '{ Type: String, Default: a }',
      'Q: b',
      /^s\.yaml:11: .*unknown key "Q"/,
    ],
    ['another type', '{ Type: String }', 'P: 5', /^s\.yaml:11: Parameter "P" is 5: give a String/],
    [
      'a value not allowed',
      '{ Type: String, AllowedValues: [a, b] }',
      'P: c',
      /Parameter "P" is "c": give one of "a", "b"/,
    ],
    [
      'a value off the pattern',
      "{ Type: String, AllowedPattern: '[a-z]+' }",
      'P: a1',
      /Parameter "P" is "a1": give what matches \[a-z\]\+/,
    ],
    ['too long a value', '{ Type: String, MaxLength: 2 }', 'P: abc', /give 0 to 2 characters/],
    [
      'a broken pattern',
      "{ Type: String, AllowedPattern: '[' }",
      'P: a',
      /AllowedPattern is "\[": write a regular expression/,
    ],
    ['what is no JSON', '{ Type: Json, Default: a }', '', /Parameter "P" is no JSON/],
  ])('is refused with %s', async (_, declaration, given, message) => {
    expect(await refusalOf(withParameter(declaration, given))).toMatch(message);
  });
});
