import { describe, expect, it } from 'vitest';
import { oneStack, QUEUE, readFiles, refusalOf } from '../project-folder.ts';

describe('the template', () => {
  it.each([
    [
      'another version',
      (text: string) => text.replace('2015-09-01', '2010-01-01'),
      /^infra\/template\.yaml:1: .*ROSTemplateFormatVersion is "2010-01-01"/,
    ],
    [
      'a misspelt property',
      (text: string) => text.replace('QueueName:', 'QueueNam:'),
      /did you mean QueueName\?/,
    ],
  ])('is refused with %s', async (_, change, message) => {
    const files = oneStack(QUEUE);
    const template = change(files['infra/template.yaml'] ?? '');
    expect(await refusalOf({ ...files, 'infra/template.yaml': template })).toMatch(message);
  });

  it.each([
    [
      'mappings',
      (text: string) => `${text}Mappings: {}\n`,
      ['infra/template.yaml:7: Mappings has no effect here'],
      ['q'],
    ],
    [
      'a count',
      (text: string) => text.replace('Type:', 'Count: 2\n    Type:'),
      [
        'infra/template.yaml:4: Resource "Queue" is not made here: Count is not known here: write each resource by itself',
      ],
      [],
    ],
    [
      'an unknown type whose condition does not hold',
      (text: string) =>
        text
          .replace('Type: ALIYUN::MNS::Queue', 'Condition: Never\n    Type: ALIYUN::CMS::Contact')
          .concat('Conditions: { Never: { Fn::Equals: [a, b] } }\n'),
      [],
      [],
    ],
    [
      'a condition that does not hold',
      (text: string) =>
        text
          .replace('Type:', 'Condition: Never\n    Type:')
          .concat('Conditions: { Never: { Fn::Equals: [a, b] } }\n'),
      [],
      [],
    ],
    [
      'a type not known here',
      (text: string) => text.replace('MNS::Queue', 'ECS::VPC'),
      [
        expect.stringMatching(
          /^infra\/template\.yaml:3: Resource "Queue" is not made here: resources of type ALIYUN::ECS::VPC are not known to the local cloud/,
        ),
      ],
      [],
    ],
  ])('is read with %s, which is warned of', async (_, change, warnings, queues) => {
    const files = oneStack(QUEUE);
    const template = change(files['infra/template.yaml'] ?? '');
    const project = await readFiles({ ...files, 'infra/template.yaml': template });
    expect(project.warnings).toEqual(warnings);
    expect(project.queues.map(({ name }) => name)).toEqual(queues);
  });

  it('is read as JSON, and with CRLF and a byte order mark', async () => {
    const json = JSON.stringify(
      {
        ROSTemplateFormatVersion: '2015-09-01',
        Resources: { Queue: { Type: 'ALIYUN::MNS::Queue', Properties: { QueueName: 'q' } } },
      },
      null,
      '\t',
    );
    const { 's.yaml': text = '', ...rest } = oneStack(QUEUE);
    for (const template of [
      json,
      `\uFEFF${rest['infra/template.yaml']}`.replaceAll('\n', '\r\n'),
    ]) {
      const project = await readFiles({ 's.yaml': text, 'infra/template.yaml': template });
      expect(project.queues).toEqual([{ name: 'q' }]);
    }
  });

  it('lists its outputs when another is requested', async () => {
    const files = oneStack(QUEUE, 'Outputs:\n  QueueName: { Value: x }\n');
    const text = `${files['s.yaml']}  one:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: \${resources.infra.output.QueueNames}
`;
    expect(await refusalOf({ ...files, 's.yaml': text })).toMatch(
      /^s\.yaml:14: the stack has no output "QueueNames": did you mean QueueName\?/,
    );
  });
});
