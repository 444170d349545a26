import { describe, expect, it } from 'vitest';
import { indent, oneStack, readFiles, refusalOf } from '../project-folder.ts';

const QUEUE = `Queue:
  Type: ALIYUN::MNS::Queue
  Properties:
    QueueName: q`;

/** A queue whose name is that value, with parameters and conditions beside it. */
function named(name: string, rest = '') {
  return oneStack(
    `Queue:\n  Type: ALIYUN::MNS::Queue\n  Properties:\n    QueueName: ${name}`,
    rest,
  );
}

const nameOf = async (name: string, rest = '') =>
  (await readFiles(named(name, rest))).queues[0]?.name;

describe('a function of the template', () => {
  const REST = `Parameters:
  Name: { Type: String, Default: given }
  Count: { Type: Number, Default: 3 }
Conditions:
  IsGiven: { Fn::Equals: [given, { Ref: Name }] }
  IsNot: { Fn::Not: IsGiven }
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
  ])('%s', async (call, value) => {
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

  it('keeps what is marked to be kept', async () => {
    expect(await refusalOf(named(`{ Fn::Sub: '\${!Name}' }`))).toMatch(/QueueName is "\$\{Name\}"/);
  });

  it.each([
    ['{ Ref: Nobody }', /^infra\/template\.yaml:6: there is no parameter "Nobody"/],
    ['{ Ref: Queue }', /^infra\/template\.yaml:6: a reference to the resource "Queue" as a whole/],
    ["{ Ref: 'ALIYUN::NoValue' }", /there is no parameter "ALIYUN::NoValue"/],
    [
      '{ Fn::Select: [0, [a]] }',
      /^infra\/template\.yaml:6: Fn::Select is not known here: use Ref, Fn::GetAtt/,
    ],
    ['{ Fn::constructor: x }', /Fn::constructor is not known here/],
    ['{ Fn::GetAtt: [Nobody, X] }', /there is no resource "Nobody"/],
    [
      '{ Fn::GetAtt: [Queue, Arn] }',
      /the attribute Arn of ALIYUN::MNS::Queue is not known here: use one of QueueName/,
    ],
    ['{ Fn::GetAtt: [Queue, QueueName] }', /Queue\.QueueName needs itself/],
    ['{ Fn::GetAtt: Queue }', /"Queue" names no attribute/],
    ['{ Fn::Join: [a] }', /Fn::Join has 1 for arguments: give it a list of 2/],
    ['{ Fn::Join: x }', /Fn::Join has "x" for arguments/],
    [`{ Fn::Sub: 'a\${}' }`, /there is no parameter ""/],
    ['{ Fn::If: [Unknown, a, b] }', /there is no condition "Unknown"/],
    ['{ a: b }', /QueueName is a map: write one text/],
  ])('%s is refused', async (call, message) => {
    expect(await refusalOf(named(call))).toMatch(message);
  });

  it('that goes in a circle of conditions is refused', async () => {
    const rest = 'Conditions:\n  A: { Fn::Not: B }\n  B: { Fn::Not: A }\n';
    expect(await refusalOf(named('{ Fn::If: [A, a, b] }', rest))).toMatch(
      /condition A needs itself/,
    );
  });
});

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
    ['an unknown type', '{ Type: Json, Default: a }', '', /Type is "Json"/],
  ])('is refused with %s', async (_, declaration, given, message) => {
    expect(await refusalOf(withParameter(declaration, given))).toMatch(message);
  });
});

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

describe('a queue', () => {
  const queue = (properties: string) =>
    oneStack(
      `${QUEUE}\n${indent(properties, 4)}\nDead:\n  Type: ALIYUN::MNS::Queue\n  Properties: { QueueName: dead }`,
    );

  it('has its attributes', async () => {
    const { queues } = await readFiles(
      queue(`DelaySeconds: 1
MaximumMessageSize: 2048
MessageRetentionPeriod: 60
VisibilityTimeout: 43200
PollingWaitSeconds: 30
DlqPolicy: { Enabled: true, DeadLetterTargetQueue: dead, MaxReceiveCount: 3 }`),
    );
    expect(queues[0]).toEqual({
      name: 'q',
      delaySeconds: 1,
      maximumMessageSize: 2048,
      messageRetentionPeriod: 60,
      visibilityTimeout: 43200,
      pollingWaitSeconds: 30,
      deadLetter: { queue: 'dead', maxReceiveCount: 3 },
    });
  });

  it('has no dead letters while its policy is off', async () => {
    const { queues } = await readFiles(queue('DlqPolicy: { Enabled: false }'));
    expect(queues[0]).toEqual({ name: 'q' });
  });

  it.each([
    ['VisibilityTimeout: 0', /VisibilityTimeout is 0: write a whole number from 1 to 43200/],
    ['PollingWaitSeconds: 31', /PollingWaitSeconds is 31/],
    ["DelaySeconds: '1'", /DelaySeconds is "1"/],
    [
      'DlqPolicy: { Enabled: true, DeadLetterTargetQueue: none, MaxReceiveCount: 3 }',
      /DlqPolicy names the queue "none", which the template does not have: name one of q, dead/,
    ],
    [
      'DlqPolicy: { Enabled: true, DeadLetterTargetQueue: q, MaxReceiveCount: 3 }',
      /DlqPolicy names the queue itself/,
    ],
    [
      'DlqPolicy: { Enabled: true, DeadLetterTargetQueue: dead }',
      /DlqPolicy has no MaxReceiveCount/,
    ],
  ])('is refused with %s', async (properties, message) => {
    expect(await refusalOf(queue(properties))).toMatch(message);
  });

  it('is refused under the name of another', async () => {
    const files = oneStack(`${QUEUE}\n${QUEUE.replace('Queue:', 'Other:')}`);
    expect(await refusalOf(files)).toMatch(
      /Resource "Other": QueueName is "q", as that of "Queue"/,
    );
  });
});

describe('a subscription', () => {
  const subscription = (properties: string) =>
    oneStack(`${QUEUE}
Topic: { Type: ALIYUN::MNS::Topic, Properties: { TopicName: t, MaximumMessageSize: 1024 } }
Subscription:
  Type: ALIYUN::MNS::Subscription
  Properties:
    SubscriptionName: s
${indent(properties, 4)}`);
  const ENDPOINT = 'Endpoint: acs:mns:cn-hangzhou:42:queues/q';

  it('has its attributes', async () => {
    const { subscriptions, topics } = await readFiles(
      subscription(
        `TopicName: t\n${ENDPOINT}\nFilterTag: blue\nNotifyStrategy: BACKOFF_RETRY\nNotifyContentFormat: JSON`,
      ),
    );
    expect(topics).toEqual([{ name: 't', maximumMessageSize: 1024 }]);
    expect(subscriptions).toEqual([
      {
        name: 's',
        topic: 't',
        endpoint: 'acs:mns:cn-hangzhou:42:queues/q',
        filterTag: 'blue',
        notifyStrategy: 'BACKOFF_RETRY',
        notifyContentFormat: 'JSON',
      },
    ]);
  });

  it.each([
    [
      `TopicName: other\n${ENDPOINT}`,
      /TopicName is "other", which the template does not have: name one of t/,
    ],
    [
      'TopicName: t\nEndpoint: acs:mns:cn-hangzhou:42:queues/other',
      /Endpoint names the queue "other"/,
    ],
    ['TopicName: t\nEndpoint: mail:directmail:a@b.c', /Endpoint is "mail:directmail:a@b\.c"/],
    [
      `TopicName: t\n${ENDPOINT}\nFilterTag: abcdefghijklmnopq`,
      /FilterTag has 17 characters: give 16 at most/,
    ],
    [`TopicName: t\n${ENDPOINT}\nNotifyContentFormat: STREAM`, /NotifyContentFormat is "STREAM"/],
  ])('is refused with %j', async (properties, message) => {
    expect(await refusalOf(subscription(properties))).toMatch(message);
  });
});

describe('a bucket', () => {
  const bucket = (properties: string) =>
    oneStack(`Bucket:\n  Type: ALIYUN::OSS::Bucket\n  Properties: { ${properties} }`);

  it('is private unless it says otherwise', async () => {
    expect((await readFiles(bucket('BucketName: abc'))).buckets).toEqual([
      { name: 'abc', acl: 'private' },
    ]);
    const open = await readFiles(bucket('BucketName: abc, AccessControl: public-read'));
    expect(open.buckets[0]?.acl).toBe('public-read');
  });

  it('warns of rules that do nothing here', async () => {
    const { warnings } = await readFiles(
      bucket('BucketName: abc, RefererConfiguration: {}, WebsiteConfigurationV2: {}'),
    );
    expect(warnings).toEqual([
      'infra/template.yaml:5: Resource "Bucket": RefererConfiguration has no effect here',
      'infra/template.yaml:5: Resource "Bucket": WebsiteConfigurationV2 has no effect here',
    ]);
  });

  it('has its rules for browsers and for what gets old', async () => {
    const cors =
      'CORSRule: [{ AllowedOrigin: ["*"], AllowedMethod: ["*"], AllowedHeader: [x-oss-*], MaxAgeSeconds: 5 }]';
    const rules = [
      "{ Prefix: '', AbortMultipartUpload: { Days: 2 } }",
      '{ ID: a, Prefix: a/, Status: Disabled, Expiration: { CreatedBeforeDate: "2030-01-01T00:00:00.000Z" } }',
    ];
    const { buckets } = await readFiles(
      bucket(
        `BucketName: abc, CORSConfiguration: { ${cors} }, LifecycleConfiguration: { Rule: [${rules}] }`,
      ),
    );
    expect(buckets[0]).toMatchObject({
      cors: {
        rules: [
          {
            allowedOrigins: ['*'],
            allowedMethods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
            allowedHeaders: ['x-oss-*'],
            exposeHeaders: [],
            maxAgeSeconds: 5,
          },
        ],
        responseVary: false,
      },
      lifecycle: [
        { id: 'rule-1', prefix: '', enabled: true, abortMultipartUpload: { days: 2 } },
        { id: 'a', prefix: 'a/', enabled: false, expiration: { createdBefore: Date.UTC(2030, 0) } },
      ],
    });
  });

  it.each([
    ['BucketName: Abc', /BucketName is "Abc"/],
    ['BucketName: ab', /BucketName is "ab"/],
    ['BucketName: abc-', /BucketName is "abc-"/],
    ['BucketName: abc, AccessControl: open', /AccessControl is "open"/],
    ['BucketName: abc, CORSConfiguration: { CORSRule: [] }', /CORSRule has 0 rules/],
    [
      'BucketName: abc, CORSConfiguration: { CORSRule: [{ AllowedOrigin: [a], AllowedMethod: [GETS] }] }',
      /AllowedMethod has "GETS"/,
    ],
    [
      'BucketName: abc, CORSConfiguration: { CORSRule: [{ AllowedOrigin: ["**"], AllowedMethod: [GET] }] }',
      /AllowedOrigin has "\*\*"/,
    ],
    ['BucketName: abc, LifecycleConfiguration: { Rule: [{ Prefix: a }] }', /says nothing to do/],
    [
      'BucketName: abc, LifecycleConfiguration: { Rule: [{ Prefix: a, Expiration: { Days: 0 } }] }',
      /Days is 0/,
    ],
    [
      'BucketName: abc, LifecycleConfiguration: { Rule: [{ Prefix: a, Transition: [] }] }',
      /Transition is not done by the local cloud/,
    ],
    ['BucketName: abc, Policy: {}', /bucket policies are not evaluated by the local cloud/],
  ])('is refused with %s', async (properties, message) => {
    expect(await refusalOf(bucket(properties))).toMatch(message);
  });
});

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
      'a system policy',
      'PolicyAttachments: { System: [AliyunOSSFullAccess] }',
      '',
      /system policy "AliyunOSSFullAccess" are not known here/,
    ],
    [
      'a policy that is not there',
      'PolicyAttachments: { Custom: [m] }',
      '',
      /there is no policy "m"/,
    ],
    [
      'a managed policy for another role',
      '',
      `${MANAGED}, Roles: [other] }`,
      /there is no role "other"/,
    ],
    [
      'an attachment of a system policy',
      '',
      'Attach: { Type: ALIYUN::RAM::AttachPolicyToRole, Properties: { PolicyName: m, PolicyType: System, RoleName: r } }',
      /system policy "m"/,
    ],
  ])('is refused with %s', async (_, properties, rest, message) => {
    expect(await refusalOf(role(properties, rest))).toMatch(message);
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
