import { describe, expect, it } from 'vitest';
import { named, oneStack, QUEUE, readFiles, refusalOf } from '../project-folder.ts';

const nameOf = async (name: string, rest = '') =>
  (await readFiles(named(name, rest))).queues[0]?.name;

describe('a function of the template', () => {
  const REST = `Parameters:
  Name: { Type: String, Default: given }
  Count: { Type: Number, Default: 3 }
Conditions:
  IsGiven: { Fn::Equals: [given, { Ref: Name }] }
  IsNot: { Fn::Not: IsGiven }
  Both: { Fn::And: [IsGiven, IsNot] }
  Either: { Fn::Or: [IsNot, IsGiven] }
  IsNotEither: { Fn::Not: [{ Fn::Equals: [a, a] }] }
`;
  it.each([
    ['{ Ref: Name }', 'given'],
    ['!Ref Name', 'given'],
    ["{ Ref: 'ALIYUN::Region' }", 'cn-hangzhou'],
    ['plain', 'plain'],
    [`{ Fn::Sub: 'x-\${Name}-\${ALIYUN::TenantId}-\${Count}' }`, 'x-given-42-3'],
    [`!Sub 'x-\${ALIYUN::StackName}'`, 'x-app'],
    [`{ Fn::Sub: ['\${A}-\${Name}', { A: { Ref: Name } }] }`, 'given-given'],
    ["{ Fn::Join: ['-', [a, { Ref: Name }, b]] }", 'a-given-b'],
    ["!Join ['', [a, !Ref Name]]", 'agiven'],
    ['{ Fn::If: [IsGiven, yes-it-is, no] }', 'yes-it-is'],
    ['{ Fn::If: [IsNot, yes-it-is, { Ref: Name }] }', 'given'],
    ['!If [IsNotEither, yes-it-is, no-it-is-not]', 'no-it-is-not'],
    ['{ Fn::If: [Both, a, b] }', 'b'],
    ['{ Fn::If: [Either, a, b] }', 'a'],
    ['{ Fn::Select: [1, [a, { Ref: Name }]] }', 'given'],
    ["!Select ['0', !Split [',', 'a,b']]", 'a'],
    ['{ Fn::Select: [x, { x: y }] }', 'y'],
  ])('%s gives its value', async (call, value) => {
    expect(await nameOf(call, REST)).toBe(value);
  });

  it('Fn::GetAtt reads another resource, in each of its forms', async () => {
    const files = oneStack(
      `${QUEUE}
A: { Type: ALIYUN::OSS::Bucket, Properties: { BucketName: { Fn::GetAtt: [Queue, QueueName] } } }
`.replace('QueueName: q', 'QueueName: the-name') +
        `B: { Type: ALIYUN::OSS::Bucket, Properties: { BucketName: !Sub '\${Queue.QueueName}-b' } }\n` +
        'C: { Type: ALIYUN::MNS::Topic, Properties: { TopicName: !GetAtt Queue.QueueName } }',
    );
    const { buckets, topics } = await readFiles(files);
    expect(buckets.map(({ name }) => name)).toEqual(['the-name', 'the-name-b']);
    expect(topics[0]?.name).toBe('the-name');
  });

  it('keeps text that is marked to be kept', async () => {
    expect(await refusalOf(named(`{ Fn::Sub: '\${!Name}' }`))).toMatch(/QueueName is "\$\{Name\}"/);
  });

  it.each([
    ['{ Ref: Nobody }', /^infra\/template\.yaml:6: there is no parameter "Nobody"/],
    ["{ Ref: 'ALIYUN::NoValue' }", /there is no parameter "ALIYUN::NoValue"/],
    ['{ Fn::GetAtt: [Nobody, X] }', /there is no resource "Nobody"/],
    ['{ Fn::GetAtt: [Queue, QueueName] }', /Queue\.QueueName depends on itself/],
    ['{ Fn::GetAtt: Queue }', /"Queue" names no attribute/],
    ['{ Fn::Join: [a] }', /Fn::Join has 1 for arguments: give it a list of 2/],
    ['{ Fn::Join: x }', /Fn::Join has "x" for arguments/],
    [`{ Fn::Sub: 'a\${}' }`, /there is no parameter ""/],
    ['{ Fn::If: [Unknown, a, b] }', /there is no condition "Unknown"/],
    ['{ Fn::Select: [5, [a]] }', /Fn::Select finds no 5/],
    ['{ a: b }', /QueueName is a map: write one text/],
  ])('%s is refused', async (call, message) => {
    expect(await refusalOf(named(call))).toMatch(message);
  });

  it.each([
    [
      '{ Ref: Queue }',
      /^infra\/template\.yaml:6: .*a reference to the resource "Queue" as a whole/,
    ],
    [
      '{ Fn::Base64Encode: a }',
      /^infra\/template\.yaml:6: Resource "Queue" is not made here: Fn::Base64Encode is not known here: use Ref, Fn::GetAtt/,
    ],
    ['!FindInMap [a, b, c]', /Fn::FindInMap is not known here/],
    ['{ Fn::constructor: x }', /Fn::constructor is not known here/],
    [
      '{ Fn::GetAtt: [Queue, Arn] }',
      /the attribute Arn of ALIYUN::MNS::Queue is not known here: use one of QueueName/,
    ],
  ])('%s keeps that resource from being made, and is warned of', async (call, message) => {
    const { queues, warnings } = await readFiles(named(call), { strict: true });
    expect(queues).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it('that goes in a circle of conditions is refused', async () => {
    const rest = 'Conditions:\n  A: { Fn::Not: B }\n  B: { Fn::Not: A }\n';
    expect(await refusalOf(named('{ Fn::If: [A, a, b] }', rest))).toMatch(
      /condition A depends on itself/,
    );
  });
});
