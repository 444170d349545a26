import { describe, expect, it } from 'vitest';
import { oneStack, QUEUE, refusalOf } from '../project-folder.ts';

describe('the template', () => {
  it.each([
    [
      'another version',
      (text: string) => text.replace('2015-09-01', '2010-01-01'),
      /^infra\/template\.yaml:1: .*ROSTemplateFormatVersion is "2010-01-01"/,
    ],
    ['mappings', (text: string) => `${text}Mappings: {}\n`, /unknown key "Mappings"/],
    [
      'a count',
      (text: string) => text.replace('Type:', 'Count: 2\n    Type:'),
      /Resource "Queue" has the unknown key "Count"/,
    ],
    [
      'a type not known here',
      (text: string) => text.replace('MNS::Queue', 'ECS::VPC'),
      /^infra\/template\.yaml:3: resources of type ALIYUN::ECS::VPC are not known to the local cloud/,
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

  it('tells which outputs it has when another is asked for', async () => {
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
