import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestCloud } from 'fc-local/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { undeploy } from '#src/undeploy/undeploy';
import type { RecordingCloud } from '#test/recording/cloud';
import { recordingCloud } from '#test/recording/cloud';
import { recordedProject } from '#test/recording/project';
import { drivenPatience, type Ended, run } from '#test/run';

const BUCKET = 'shop-photos';

const resource = (LogicalResourceId: string, ResourceType: string, PhysicalResourceId: string) => ({
  LogicalResourceId,
  ResourceType,
  PhysicalResourceId,
  Status: 'CREATE_COMPLETE',
  StatusReason: '',
});

/** Makes a deployed project, with these objects in its bucket. */
async function deployed(objects: Record<string, string> = {}) {
  const cloud = await recordingCloud();
  const pair = {
    accessKeyId: cloud.env.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
    accessKeySecret: cloud.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
  };
  const oss = await startTestCloud({
    ...pair,
    resources: { buckets: [{ name: BUCKET, acl: 'private' }] },
  });
  onTestFinished(() => oss.close());
  for (const [key, text] of Object.entries(objects)) await oss.bucket(BUCKET).put(key, text);
  cloud.stacks.resources = [
    resource('Bucket', 'ALIYUN::OSS::Bucket', BUCKET),
    resource('TakerRole', 'ALIYUN::RAM::Role', 'shop-taker'),
  ];
  cloud.stacks.add({ name: 'shop' });
  for (const functionName of ['shop-taker', 'shop-teller']) {
    cloud.functions.answer('CreateFunction', [], { functionName });
    cloud.functions.answer('CreateTrigger', [functionName], {
      triggerName: 't',
      triggerType: 'timer',
    });
  }
  const project = await recordedProject();
  const env = { ...cloud.env, OSS_ENDPOINT: oss.oss.url, HOME: project };
  const undeploy = (...args: string[]): Promise<Ended> =>
    run(['undeploy', ...args], { cwd: project, env });
  return { cloud, bucket: oss.bucket(BUCKET), undeploy, project, env };
}

/** Runs undeploy in a terminal where a person answers. */
function inTerminal(project: string, env: NodeJS.ProcessEnv, asked: string[], answer: boolean) {
  const session = {
    stdout: { write: () => true },
    stderr: { write: () => true },
    cwd: project,
    project,
    env: { PATH: process.env.PATH, ...env },
    interactive: true,
    patience: drivenPatience(),
    exitCode: 0,
    untilStopped: async () => undefined,
  };
  const confirm = async (question: string) => {
    asked.push(question);
    return answer;
  };
  return undeploy([], {}, session, { confirm });
}

const deletions = (cloud: RecordingCloud) =>
  cloud.requests
    .filter(({ action }) => /Delete(Function|Stack)$/.test(action))
    .map(({ action, names }) => `${action} ${names[0]}`);

describe('undeploy', () => {
  it('removes the functions, asks FC whether they are gone, and only then has the stack deleted', async () => {
    const { cloud, undeploy } = await deployed();
    const { code, stderr, stdout } = await undeploy();
    expect([code, stderr]).toEqual([0, '']);
    expect(deletions(cloud)).toEqual([
      'fc:DeleteFunction shop-taker',
      'fc:DeleteFunction shop-teller',
      'ros:DeleteStack id-of-shop',
    ]);
    expect(cloud.functions.all.size).toBe(0);
    expect(cloud.stacks.all[0]?.status).toBe('DELETE_COMPLETE');
    const order = cloud.actions();
    expect(order.lastIndexOf('fc:GetFunction')).toBeLessThan(order.indexOf('ros:DeleteStack'));
    expect(stdout).toMatch(/Gone: shop-taker, shop-teller\n[\s\S]*Gone: stack shop\n$/);
  });

  it('leaves the stack if FC refuses to delete a function, although the deploy tool ends with 0', async () => {
    const { cloud, undeploy } = await deployed();
    cloud.fail(
      'fc:DeleteFunction',
      { status: 403, body: { Code: 'AccessDenied', Message: 'no fc:DeleteFunction' } },
      'shop-teller',
    );
    const { code, stderr } = await undeploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: One thing is left, and so the stack stays, with the roles they use:/,
    );
    expect(stderr).toMatch(/shop-teller, the function: DeleteFunction failed with AccessDenied/);
    expect(deletions(cloud)).not.toContain('ros:DeleteStack id-of-shop');
    expect([...cloud.functions.all.keys()]).toEqual(['shop-teller']);
  });

  it.each([
    ['a trigger that is refused', 'fc:DeleteTrigger', 403, 'AccessDenied'],
    ['a function that is being changed', 'fc:DeleteFunction', 409, 'ConcurrentUpdateError'],
    ['a service that fails', 'fc:DeleteFunction', 500, 'InternalServerError'],
  ])('names %s as what is left, and keeps the stack', async (_what, action, status, Code) => {
    const { cloud, undeploy } = await deployed();
    cloud.fail(action, { status, body: { Code, Message: 'not now' } }, 'shop-taker');
    const { code, stderr } = await undeploy();
    expect(code).toBe(1);
    expect(stderr).toContain(`failed with ${Code} (not now)`);
    expect(deletions(cloud)).not.toContain('ros:DeleteStack id-of-shop');
  });

  it('deletes a function itself if the deploy tool was refused only for a moment', async () => {
    const { cloud, undeploy } = await deployed();
    const body = { Code: 'ConcurrentUpdateError', Message: 'later' };
    cloud.fail('fc:DeleteFunction', { status: 409, body, times: 1 }, 'shop-taker');
    const { code } = await undeploy();
    expect(code).toBe(0);
    expect(cloud.functions.all.size).toBe(0);
  });

  it('stops before anything is removed when the bucket holds objects', async () => {
    const { cloud, bucket, undeploy } = await deployed({ 'orders/1.json': '{}' });
    const { code, stderr } = await undeploy();
    expect(code).toBe(1);
    expect(stderr).toBe(
      'error: shop-photos holds objects, and ROS deletes no bucket that does: --empty-bucket deletes them for good; nothing has been taken away yet\n',
    );
    expect(deletions(cloud)).toEqual([]);
    expect(await bucket.objects()).toEqual({ 'orders/1.json': '{}' });
  });

  it('empties the bucket if requested, after the functions that write there are gone', async () => {
    const { cloud, bucket, undeploy } = await deployed({ 'orders/1.json': '{}', 'a b/ü': 'x' });
    const { code, stdout, stderr } = await undeploy('--empty-bucket');
    expect([code, stderr]).toEqual([0, 'warning: shop-photos holds objects, which are deleted\n']);
    expect(stdout).toContain('Emptied shop-photos: 2 objects');
    expect(await bucket.objects()).toEqual({});
    expect(deletions(cloud).at(-1)).toBe('ros:DeleteStack id-of-shop');
  });

  it('ends at DELETE_FAILED, with what is left, why, and what to do', async () => {
    const { cloud, undeploy } = await deployed();
    cloud.stacks.ends.delete = 'DELETE_FAILED';
    const [stack] = cloud.stacks.all;
    const [bucket, role] = stack?.resources ?? [];
    Object.assign(bucket ?? {}, { Status: 'DELETE_FAILED', StatusReason: 'BucketNotEmpty' });
    Object.assign(role ?? {}, { Status: 'DELETE_COMPLETE' });
    const { code, stderr } = await undeploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: The stack shop is DELETE_FAILED/);
    expect(stderr).toMatch(
      /Bucket shop-photos \(ALIYUN::OSS::Bucket\) is DELETE_FAILED: BucketNotEmpty: empty it \(fc-templates undeploy --empty-bucket; old versions/,
    );
    expect(stderr).not.toContain('TakerRole');
  });

  it('does not wait forever for a stack that stays in deletion', async () => {
    const { cloud, undeploy } = await deployed();
    cloud.stacks.looks = Number.POSITIVE_INFINITY;
    const { code, stderr } = await undeploy();
    expect(code).toBe(1);
    expect(stderr).toMatch(/is still DELETE_IN_PROGRESS after 20 minutes: look at its events/);
  });

  it('removes functions by name, and leaves the stack and its bucket', async () => {
    const { cloud, undeploy } = await deployed({ 'orders/1.json': '{}' });
    expect(await undeploy('taker')).toMatchObject({ code: 0 });
    expect(deletions(cloud)).toEqual(['fc:DeleteFunction shop-taker']);
    expect(await undeploy('infra')).toMatchObject({
      code: 2,
      stderr: 'error: "infra" is not a function; there are taker, teller\n',
    });
  });

  it('asks once in a terminal, and removes nothing on a no', async () => {
    const { cloud, project, env } = await deployed();
    const asked: string[] = [];
    const answers = [false, true];
    const ask = () => inTerminal(project, env, asked, answers.shift() ?? false);
    await expect(ask()).rejects.toThrow('Nothing has been taken away');
    expect(asked).toEqual(['Take away shop-taker, shop-teller, stack shop?']);
    expect([deletions(cloud), cloud.functions.all.size]).toEqual([[], 2]);
    await ask();
    expect(asked).toHaveLength(2);
    expect(cloud.functions.all.size).toBe(0);
  });

  it('neither looks into nor empties a bucket that its stack keeps', async () => {
    const { cloud, bucket, undeploy, project } = await deployed({ 'orders/1.json': '{}' });
    const template = join(project, 'infra', 'template.yaml');
    const text = await readFile(template, 'utf8');
    await writeFile(template, text.replace('  Bucket:\n', '$&    DeletionPolicy: Retain\n'));
    const { code, stdout, stderr } = await undeploy('--empty-bucket');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('shop-photos stays: its DeletionPolicy in the template is Retain\n');
    expect(await bucket.objects()).toEqual({ 'orders/1.json': '{}' });
    expect(deletions(cloud).at(-1)).toBe('ros:DeleteStack id-of-shop');
  });

  it('watches a deletion that is already in progress, and requests none', async () => {
    const { cloud, undeploy } = await deployed();
    const [stack] = cloud.stacks.all;
    cloud.stacks.answer('DeleteStack', new URLSearchParams({ StackId: 'id-of-shop' }));
    expect(stack?.status).toBe('DELETE_IN_PROGRESS');
    const conflict = { Code: 'ActionInProgress', Message: 'it is being deleted' };
    cloud.fail('ros:DeleteStack', { status: 409, body: conflict });
    cloud.stacks.looks = 3;
    expect(await undeploy()).toMatchObject({ code: 0, stderr: '' });
    expect(deletions(cloud).filter((one) => one.startsWith('ros'))).toEqual([]);
  });

  it('has nothing to do if nothing is deployed', async () => {
    const { cloud, undeploy } = await deployed();
    cloud.functions.all.clear();
    cloud.stacks.all.length = 0;
    expect(await undeploy()).toMatchObject({ code: 0, stderr: '' });
    expect(deletions(cloud).filter((one) => one.startsWith('ros'))).toEqual([]);
  });
});
