import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { recordingCloud } from '#test/recording/cloud';
import { recordedProject } from '#test/recording/project';
import { ROOT } from '#test/repository';
import { run } from '#test/run';

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string[] | string;
  Resource: unknown[];
  Condition?: Record<string, Record<string, unknown[]>>;
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const template = parse(read('infra/ci.yaml'));
const role = template.Resources.DeployRole.Properties;
const statements: Statement[] = role.Policies[0].PolicyDocument.Statement;
const allowed = new Set(
  statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action),
);

/**
 * Rights that a deployment by the real deploy tool and its components was seen to use, in addition to those
 * of the recording.
 */
const SEEN = [
  'ros:CreateStack ros:UpdateStack ros:GetStack ros:ListStacks ros:DeleteStack ros:ListStackEvents',
  'fc:CreateFunction fc:GetFunction fc:UpdateFunction fc:DeleteFunction',
  'fc:CreateTrigger fc:GetTrigger fc:UpdateTrigger fc:DeleteTrigger',
  'fc:GetScalingConfig fc:GetConcurrencyConfig fc:ListVpcBindings fc:GetTempBucketToken',
  'ram:PassRole ram:CheckServiceLinkedRoleExistence ram:CreateServiceLinkedRole',
  'log:GetProject log:CreateProject log:GetLogStore log:CreateLogStore log:GetIndex log:CreateIndex',
].flatMap((line) => line.split(' '));

/** The actions that make the stack's types. */
const MADE: Record<string, string[]> = {
  'ALIYUN::MNS::Queue': ['mns:CreateQueue', 'mns:SetQueueAttributes', 'mns:DeleteQueue'],
  'ALIYUN::MNS::Topic': ['mns:CreateTopic', 'mns:SetTopicAttributes', 'mns:DeleteTopic'],
  'ALIYUN::MNS::Subscription': ['mns:Subscribe', 'mns:Unsubscribe'],
  'ALIYUN::OSS::Bucket': [
    'oss:PutBucket',
    'oss:PutBucketLifecycle',
    'oss:PutBucketCors',
    'oss:PutBucketPublicAccessBlock',
    'oss:DeleteBucket',
  ],
  'ALIYUN::RAM::Role': [
    'ram:CreateRole',
    'ram:UpdateRole',
    'ram:DeleteRole',
    'ram:CreatePolicy',
    'ram:AttachPolicyToRole',
    'ram:DetachPolicyFromRole',
  ],
  'ALIYUN::CMS::Contact': ['cms:PutContact', 'cms:DeleteContact'],
  'ALIYUN::CMS::ContactGroup': ['cms:PutContactGroup', 'cms:DeleteContactGroup'],
  'ALIYUN::CMS::ResourceMetricRule': ['cms:PutResourceMetricRule', 'cms:DeleteMetricRules'],
};

describe('the deploy role of infra/ci.yaml', () => {
  it('may do what deploying, looking and undeploying request from the cloud', async () => {
    const cloud = await recordingCloud();
    cloud.stacks.outputs = { TakerRole: 'acs:ram::1:role/shop-taker', BucketName: 'shop-photos' };
    const project = await recordedProject();
    const options = { cwd: project, env: { ...cloud.env, HOME: project } };
    for (const args of [['deploy', '--dry-run'], ['deploy'], ['deploy', 'taker'], ['undeploy']])
      expect(await run(args, options)).toMatchObject({ code: 0 });
    const asked = new Set(cloud.actions().filter((action) => !action.startsWith('sts:')));
    expect(asked.size).toBeGreaterThan(12);
    expect([...asked, ...SEEN].filter((action) => !allowed.has(action))).toEqual([]);
  });

  it('may make each type of resource that the stack has', () => {
    const { Resources } = parse(read('infra/template.yaml'));
    const types = new Set(Object.values<{ Type: string }>(Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => MADE[type] === undefined)).toEqual([]);
    const needed = [...types].flatMap((type) => MADE[type] ?? []);
    expect(needed.filter((action) => !allowed.has(action))).toEqual([]);
  });

  it('has no full access, no wildcard action, and nothing of another app', () => {
    expect(read('infra/ci.yaml')).not.toMatch(/FullAccess|AdministratorAccess/);
    expect([...allowed].filter((action) => action.includes('*'))).toEqual([]);
    const open = statements.filter(
      ({ Effect, Resource }) => Effect === 'Allow' && Resource.includes('*'),
    );
    // Actions for which RAM knows no resources.
    const actions = open.flatMap(({ Action }) => Action);
    expect(
      actions.filter((action) => !/^(fc|cms):|^ram:(Check|Create)ServiceLinkedRole/.test(action)),
    ).toEqual([]);
    expect(actions.filter((action) => /Function$|Trigger$/.test(action))).toEqual([]);
    for (const { Resource } of statements)
      for (const one of Resource)
        if (one !== '*')
          expect(JSON.stringify(one)).toMatch(
            /\$\{(AppName|BucketName)\}|:stack\/\*|project\/serverless-/,
          );
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      expect.objectContaining({ Action: ['ram:*'] }),
    ]);
  });

  it('is lent only to jobs of this repository’s environments, for an hour', () => {
    const [trust] = role.AssumeRolePolicyDocument.Statement;
    expect(trust.Condition).toEqual({
      StringEquals: {
        'oidc:iss': [{ Ref: 'Issuer' }],
        'oidc:aud': ['sts.aliyuncs.com'],
        'oidc:sub': ['testing', 'staging', 'production'].map((name) => ({
          'Fn::Sub': `repo:\u0024{Repository}:environment:${name}`,
        })),
      },
    });
    expect(Object.keys(trust.Principal)).toEqual(['Federated']);
    expect(role.MaxSessionDuration).toBe(3600);
    const { environments } = parse(read('env.yaml'));
    expect(environments.map(({ name }: { name: string }) => name)).toEqual([
      'testing',
      'staging',
      'production',
    ]);
    expect(template.Resources.Provider.Properties.ClientIds).toEqual(['sts.aliyuncs.com']);
  });
});

describe('the workflows', () => {
  const deploy = parse(read('.github/workflows/deploy.yml'));
  const ci = parse(read('.github/workflows/ci.yml'));

  it('deploy without a key, one at a time, after the tests, and smoke afterwards', () => {
    const job = deploy.jobs.deploy;
    expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(deploy.permissions).toEqual({ contents: 'read' });
    expect(job.needs).toBe('test');
    expect(deploy.concurrency['cancel-in-progress']).toBe(false);
    expect(deploy.on.workflow_dispatch.inputs.environment.options).toEqual([
      'testing',
      'staging',
      'production',
    ]);
    const step = job.steps.find(({ uses = '' }) =>
      uses.startsWith('aliyun/configure-aliyun-credentials-action@'),
    );
    expect(step.with['role-session-expiration']).toBe(3600);
    const runs = job.steps.map(({ run: line = '' }) => line);
    const at = (text: string) => runs.findIndex((line: string) => line.includes(text));
    expect(at('fc-templates deploy --env')).toBeGreaterThan(job.steps.indexOf(step));
    expect(at('fc-templates smoke --env')).toBeGreaterThan(at('fc-templates deploy --env'));
    expect(job.steps.indexOf(step)).toBeGreaterThan(at('npm ci'));
  });

  it('hold no secret, and run nothing of what an event says', () => {
    for (const path of ['.github/workflows/ci.yml', '.github/workflows/deploy.yml']) {
      expect(read(path)).not.toMatch(/secrets\.|ACCESS_KEY_SECRET/);
      for (const { steps = [] } of Object.values<{ steps?: { run?: string }[] }>(
        parse(read(path)).jobs,
      ))
        for (const { run: line } of steps) expect(line ?? '').not.toContain('\u0024{{');
    }
    expect(ci.permissions).toEqual({ contents: 'read' });
  });
});

describe('fc-templates ci', () => {
  it('prints the steps with the names of this project', async () => {
    const { code, stdout } = await run(['ci', '--repository', 'ada/shop']);
    expect(code).toBe(0);
    for (const part of [
      'infra/ci.yaml',
      'Repository --Parameters.1.ParameterValue ada/shop',
      'DEPLOY_ROLE_ARN',
      'OIDC_PROVIDER_ARN',
      'testing, staging, production',
      'repo:ada/shop:environment:',
      'ALIBABA_CLOUD_OIDC_TOKEN_FILE',
    ])
      expect(stdout).toContain(part);
    expect(stdout.split('\n').filter((line) => line.length > 150)).toEqual([]);
  });

  it('names an environment that the role does not trust', async () => {
    const project = await mkdtemp(join(tmpdir(), 'ci-'));
    onTestFinished(() => rm(project, { recursive: true }));
    for (const path of ['s.yaml', 'infra'])
      await cp(join(ROOT, path), join(project, path), { recursive: true });
    await writeFile(join(project, 'env.yaml'), `${read('env.yaml')}\n  - name: preview\n`);
    const { code, stdout, stderr } = await run(['ci', '--repository', 'ada/shop'], {
      cwd: project,
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n0\. preview: name it in infra\/ci\.yaml, under oidc:sub, and in/);
    expect((await run(['ci'])).stdout).not.toContain('\n0. ');
  });

  it('ends with 2 for an invalid repository', async () => {
    const { code, stderr } = await run(['ci', '--repository', 'shop']);
    expect([code, stderr]).toEqual([2, 'error: --repository is "shop"; give OWNER/REPO\n']);
  });
});
