import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingCloud } from '#test/recording/cloud';
import { recordedProject } from '#test/recording/project';
import { run } from '#test/run';
import { changes, OUTPUTS, ready } from './ready.ts';

describe('deploy', () => {
  it('makes the stack, then the functions with its outputs, and reports what FC itself says', async () => {
    const { cloud, deploy } = await ready();
    const { code, stdout, stderr } = await deploy();
    expect([code, stderr]).toEqual([0, '']);
    expect(changes(cloud.actions())).toEqual([
      'ros:CreateStack',
      'fc:CreateFunction',
      'fc:CreateTrigger',
      'fc:CreateFunction',
      'fc:PutAsyncInvokeConfig',
      'fc:CreateTrigger',
    ]);
    expect(cloud.functions.all.get('shop-taker')?.fields).toMatchObject({
      role: OUTPUTS.TakerRole.toLowerCase(),
      environmentVariables: { BUCKET_NAME: 'shop-photos' },
    });
    expect(cloud.stacks.all[0]?.template).toContain('ALIYUN::OSS::Bucket');
    expect(stdout).toMatch(/^Account 1234567890123456, region cn-hangzhou, by the variables /);
    expect(stdout).toMatch(/stack shop: CREATE_COMPLETE\nBuilt taker, teller\n/);
    expect(stdout).toMatch(/Deployed taker, teller: as declared, by FC's own word\n$/);
  });

  it('updates nothing of an unchanged stack, and ends', async () => {
    const { cloud, deploy } = await ready();
    await deploy();
    const { code, stdout } = await deploy();
    expect(code).toBe(0);
    expect(stdout).toContain('stack shop: nothing to change');
    expect(cloud.stacks.all).toHaveLength(1);
  });

  it('deploys one function with the outputs of the existing stack, and builds only that function', async () => {
    const { cloud, deploy } = await ready();
    cloud.stacks.add({ name: 'shop' });
    const { code, stdout } = await deploy(['teller']);
    expect(code).toBe(0);
    expect(stdout).toContain('Built teller\n');
    expect(changes(cloud.actions())).toEqual([
      'fc:CreateFunction',
      'fc:PutAsyncInvokeConfig',
      'fc:CreateTrigger',
    ]);
    expect([...cloud.functions.all.keys()]).toEqual(['shop-teller']);
  });

  it.each([
    ['there is none', undefined, /There is no stack shop yet: deploy once without names/],
    [
      'it is not whole',
      'UPDATE_FAILED',
      /The stack shop is UPDATE_FAILED .*: deploy without names/,
    ],
    [
      'it was never made',
      'CREATE_FAILED',
      /The stack shop is CREATE_FAILED .*: fc-templates undeploy takes its remains away/,
    ],
    [
      'another deployment is going on',
      'UPDATE_IN_PROGRESS',
      /The stack shop is UPDATE_IN_PROGRESS: another deployment is going on; wait/,
    ],
  ])('refuses to deploy one function without the stack: %s', async (_what, status, message) => {
    const { cloud, deploy } = await ready();
    if (status) cloud.stacks.add({ name: 'shop', status });
    const { code, stderr } = await deploy(['teller']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(cloud.functions.all.size).toBe(0);
  });

  it('refuses the name of no function before anything is sent', async () => {
    const { cloud, deploy } = await ready();
    expect(await deploy(['infra'])).toMatchObject({
      code: 2,
      stderr: 'error: "infra" is not a function; there are taker, teller\n',
    });
    expect(cloud.actions().filter((one) => !one.startsWith('sts:'))).toEqual([]);
  });

  it('is not deceived by a deploy tool that deploys nothing and ends with 0', async () => {
    const { deploy } = await ready();
    const { code, stderr } = await deploy([], { TOOL_DEPLOYS_NOTHING: '1' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: What FC has is not what is declared:/);
    expect(stderr).toMatch(/\n {2}taker: FC has no such function\n {2}teller: FC has no such/);
  });

  it('is not deceived by a deploy tool that leaves out the asynchronous configuration', async () => {
    const { deploy } = await ready();
    const { code, stderr } = await deploy([], { TOOL_LEAVES_ASYNC: '1' });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\n {2}teller: asyncInvokeConfig\.maxAsyncRetryAttempts is missing, declared 0\n/,
    );
  });

  it('notes a trigger that is no longer declared, which stays', async () => {
    const { cloud, deploy } = await ready();
    await deploy();
    const old = { triggerName: 'old', triggerType: 'timer', triggerConfig: '{}' };
    cloud.functions.answer('CreateTrigger', ['shop-taker'], old);
    const { code, stderr } = await deploy();
    expect([code, stderr]).toEqual([
      0,
      'note: taker: trigger "old" is there and not declared; deploying leaves it\n',
    ]);
  });

  it.each([
    ['CREATE_FAILED', /Correct it, take the remains away with fc-templates undeploy/],
    ['CREATE_ROLLBACK_COMPLETE', /Correct it, take the remains away with fc-templates undeploy/],
  ])('says what failed in a first stack that is %s, and what to do', async (status, remedy) => {
    const { cloud, deploy } = await ready();
    cloud.stacks.ends.create = status;
    const failed = { Status: 'CREATE_FAILED', StatusReason: 'BucketAlreadyExists' };
    const named = {
      LogicalResourceId: 'Bucket',
      PhysicalResourceId: '',
      ResourceType: 'ALIYUN::OSS::Bucket',
    };
    cloud.stacks.resources = [{ ...named, ...failed }];
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^error: The stack shop is ${status}`));
    expect(stderr).toContain('Bucket (ALIYUN::OSS::Bucket) is CREATE_FAILED: BucketAlreadyExists');
    expect(stderr).toMatch(remedy);
    expect(cloud.functions.all.size).toBe(0);

    const again = await deploy();
    expect(again.stderr).toMatch(
      /ROS updates none that was never made whole: fc-templates undeploy/,
    );
  });

  it('says what failed in an update that was undone', async () => {
    const { cloud, deploy } = await ready();
    cloud.stacks.add({ name: 'shop' });
    cloud.stacks.ends.update = 'ROLLBACK_COMPLETE';
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /The stack shop is ROLLBACK_COMPLETE[\s\S]*what was there before is there/,
    );
  });

  it('waits for a stack by its status, whatever this machine’s clock says, and not forever', async () => {
    const { cloud, deploy } = await ready();
    cloud.stacks.looks = 40;
    expect(await deploy()).toMatchObject({ code: 0 });
    cloud.stacks.all.length = 0;
    cloud.functions.all.clear();
    cloud.stacks.looks = Number.POSITIVE_INFINITY;
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/is still CREATE_IN_PROGRESS after 65 minutes: look at its events/);
  });

  it('continues after a passing failure of ROS', async () => {
    const { cloud, deploy } = await ready();
    const body = { Code: 'ServiceUnavailable', Message: 'later' };
    cloud.fail('ros:GetStack', { status: 503, body, times: 3 });
    expect(await deploy()).toMatchObject({ code: 0 });
  });

  it.each<[string, string, number, string]>([
    ['ROS', 'ros:CreateStack', 403, 'NoPermission'],
    ['ROS, busy,', 'ros:ListStacks', 409, 'ActionInProgress'],
    ['FC', 'fc:CreateFunction', 403, 'AccessDenied'],
  ])('ends with 1 when %s refuses', async (_who, action, status, Code) => {
    const { cloud, deploy } = await ready();
    cloud.fail(action, { status, body: { Code, Message: 'not you' } });
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toContain(action === 'fc:CreateFunction' ? 'FC has no such function' : Code);
  });

  it('reaches the cloud with the token on each request', async () => {
    const pair = { accessKeyId: 'STS.a', accessKeySecret: 'hush', securityToken: 'hush-token' };
    const cloud = await recordingCloud(pair);
    cloud.stacks.outputs = OUTPUTS;
    const project = await recordedProject();
    const env = { ...cloud.env, HOME: project };
    const { code, stdout, stderr } = await run(['deploy'], { cwd: project, env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('hush');
    expect(cloud.requests.length).toBeGreaterThan(10);
    expect(cloud.requests.filter(({ securityToken }) => securityToken !== 'hush-token')).toEqual(
      [],
    );
  });

  it.each([
    ['production', '', /^warning: infra is deployed without alarms: give its parameter AlarmEmail/],
    ['production', 'ops@example.com', /^$/],
    ['staging', '', /^$/],
  ])('warns of missing alarms: %s with "%s"', async (type, email, warning) => {
    const { project, deploy } = await ready((text) =>
      text.replace('parameters:', `$&\n        AlarmEmail: '${email}'`),
    );
    await writeFile(
      join(project, 'env.yaml'),
      `environments:\n  - name: live\n    type: ${type}\n`,
    );
    const { code, stderr } = await deploy(['--env', 'live']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(warning)]);
  });

  it('warns of each trigger that lets anyone in', async () => {
    const { deploy } = await ready((text) =>
      text.replace('authType: function', 'authType: anonymous'),
    );
    const { code, stderr } = await deploy();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: taker\/http lets in anyone who knows its address/);
  });

  it.each([
    ['function', false],
    ['jwt', true],
  ])('sends the keys of tokens only where they are used: authType %s', async (authType, sent) => {
    const jwks = 'jwks: { keys: [{ kty: RSA, alg: RS256, use: sig, n: AQAB, e: AQAB }] }';
    const { cloud, deploy } = await ready((text) =>
      text.replace(
        'authType: function,',
        `authType: ${authType}, authConfig: { ${jwks}, tokenLookup: 'header:Authorization:Bearer' },`,
      ),
    );
    cloud.stacks.add({ name: 'shop' });
    expect(await deploy(['taker'])).toMatchObject({ code: 0 });
    const config = String(
      cloud.functions.all.get('shop-taker')?.triggers.get('http')?.triggerConfig,
    );
    expect(config.includes('jwks')).toBe(sent);
  });

  it('leaves other commands before a deployment to the deploy tool', async () => {
    const { deploy } = await ready((text) =>
      text.replace('- run: npx fc-templates build teller', '- run: npm run codegen'),
    );
    const { stdout } = await deploy();
    expect(stdout).toContain('Built taker\n');
    expect(stdout).toMatch(/actions of teller: .*"run":"npm run codegen","path":"\//);
  });

  it('leaves a build in another folder to the deploy tool', async () => {
    const { deploy } = await ready((text) =>
      text.replace(
        '- run: npx fc-templates build teller\n          path: ./',
        '- run: npx fc-templates build teller\n          path: ./other',
      ),
    );
    const { stdout } = await deploy();
    expect(stdout).toContain('Built taker\n');
    expect(stdout).toMatch(/actions of teller: .*"path":"[^"]*\/other"/);
  });

  it('names an output that the stack does not have', async () => {
    const { cloud, deploy } = await ready();
    cloud.stacks.outputs = { TakerRole: OUTPUTS.TakerRole };
    const { code, stderr } = await deploy();
    expect(code).toBe(1);
    expect(stderr).toContain(
      'no output for \u0024{resources.infra.output.BucketName}: correct s.yaml',
    );
  });
});
