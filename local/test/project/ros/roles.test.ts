import { describe, expect, it } from 'vitest';
import { indent, oneStack, readFiles, refusalOf } from '../project-folder.ts';

describe('a role', () => {
  const STATEMENT =
    "{ Version: '1', Statement: [{ Effect: Allow, Action: 'oss:*', Resource: '*' }] }";
  const TRUST =
    "{ Version: '1', Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: fc.aliyuncs.com } }] }";
  const role = (properties: string, rest = '') =>
    oneStack(`Role:
  Type: ALIYUN::RAM::Role
  Properties:
    RoleName: r
    AssumeRolePolicyDocument: ${TRUST}
${indent(properties || 'Description: x', 4)}
${rest}`);
  const MANAGED = `Managed:
  Type: ALIYUN::RAM::ManagedPolicy
  Properties: { PolicyName: m, PolicyDocument: ${STATEMENT}`;

  it.each([
    ['its own list', `Policies: [{ PolicyName: m, PolicyDocument: ${STATEMENT} }]`, ''],
    ['a managed policy that names it', '', `${MANAGED}, Roles: [r] }`],
    [
      'an attachment',
      '',
      `${MANAGED} }\nAttach: { Type: ALIYUN::RAM::AttachPolicyToRole, Properties: { PolicyName: m, PolicyType: Custom, RoleName: r } }`,
    ],
    ['its attachments', 'PolicyAttachments: { Custom: [m] }', `${MANAGED} }`],
  ])('has the policy that comes by %s', async (_, properties, rest) => {
    const { roles } = await readFiles(role(properties, rest));
    expect(roles).toMatchObject([
      {
        name: 'r',
        policies: [{ name: 'm', document: { Version: '1', Statement: [{ Action: 'oss:*' }] } }],
      },
    ]);
  });

  it('has its longest session', async () => {
    const { roles } = await readFiles(role('MaxSessionDuration: 7200'));
    expect(roles[0]?.maxSessionDuration).toBe(7200);
  });

  it.each([
    [
      'a policy with a fault',
      "Policies: [{ PolicyName: m, PolicyDocument: { Version: '1', Statement: [{ Effect: Allow, Action: oss, Resource: '*' }] } }]",
      '',
      /^infra\/template\.yaml:8: Role "r", policy "m", statement 1: Action "oss"/,
    ],
    ['a session too long', 'MaxSessionDuration: 43201', '', /MaxSessionDuration is 43201/],
    [
      'a managed policy for another role',
      '',
      `${MANAGED}, Roles: [other] }`,
      /there is no role "other"/,
    ],
  ])('is refused with %s', async (_, properties, rest, message) => {
    expect(await refusalOf(role(properties, rest))).toMatch(message);
  });

  it.each([
    [
      'a system policy',
      'PolicyAttachments: { System: [AliyunOSSFullAccess] }',
      '',
      /the contents of the system policy "AliyunOSSFullAccess" are not known here: everything/,
    ],
    [
      'a policy that is not there',
      'PolicyAttachments: { Custom: [m] }',
      '',
      /there is no policy "m": .*everything is allowed here/,
    ],
    [
      'an attachment of a system policy',
      '',
      'Attach: { Type: ALIYUN::RAM::AttachPolicyToRole, Properties: { PolicyName: m, PolicyType: System, RoleName: r } }',
      /system policy "m"/,
    ],
  ])('may do everything with %s, which is warned of', async (_, properties, rest, message) => {
    const { roles, warnings } = await readFiles(role(properties, rest));
    expect(roles).toMatchObject([{ policies: [{ document: { Statement: [{ Action: '*' }] } }] }]);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it('may do everything with a policy that has a fault, unless read strictly', async () => {
    const fault = role("Policies: [{ PolicyName: m, PolicyDocument: { Version: '9' } }]");
    const { roles, warnings } = await readFiles(fault);
    expect(roles).toMatchObject([{ policies: [{ document: { Statement: [{ Action: '*' }] } }] }]);
    expect(warnings).toEqual([
      expect.stringMatching(/^infra\/template\.yaml:8: Role "r", policy "m"/),
    ]);
  });

  it('is refused with a trust policy that has a fault', async () => {
    const files = role('');
    const template = (files['infra/template.yaml'] ?? '').replace(
      'Service: fc.aliyuncs.com',
      'Anyone: x',
    );
    expect(await refusalOf({ ...files, 'infra/template.yaml': template })).toMatch(
      /^infra\/template\.yaml:7: Role "r", trust policy, statement 1: Principal "Anyone" is not evaluated/,
    );
  });

  it('reads ARNs of another account as a name, and names as they are', async () => {
    const files = role('');
    const text = (name: string) => `${files['s.yaml']}  one:
    component: fc3
    props: { region: cn-hangzhou, functionName: one, runtime: nodejs20, code: ., handler: a.b, role: '${name}' }
`;
    for (const name of ['r', 'acs:ram::42:role/r']) {
      const project = await readFiles({ ...files, 's.yaml': text(name) });
      expect(project.functions[0]?.role).toBe('r');
    }
  });
});
