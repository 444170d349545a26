import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changes, ready } from './ready.ts';

describe('deploy --dry-run', () => {
  it('says what would be created, and creates nothing', async () => {
    const { cloud, deploy } = await ready();
    const named = { LogicalResourceId: 'Bucket', ResourceType: 'ALIYUN::OSS::Bucket' };
    cloud.stacks.resources = [{ ...named, PhysicalResourceId: '', Status: '', StatusReason: '' }];
    const { code, stdout } = await deploy(['--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /stack shop: would be created\n {2}create Bucket\nfunction taker: would be created as shop-taker\nfunction teller: would be created as shop-teller\n/,
    );
    expect(changes(cloud.actions())).toEqual([]);
  });

  it('says what would be changed and left, by what exists', async () => {
    const { cloud, project, deploy } = await ready();
    await deploy();
    const before = changes(cloud.actions()).length;
    const taker = cloud.functions.all.get('shop-taker');
    Object.assign(taker?.fields ?? {}, { timeout: 99 });
    const variables = { BUCKET_NAME: 'private' };
    Object.assign(taker?.fields ?? {}, { environmentVariables: variables });
    await writeFile(join(project, 'dist', 'unrelated'), '');
    const { code, stdout } = await deploy(['--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/function taker: would be changed\n/);
    expect(stdout).toMatch(/ {2}timeout is 99, declared 10\n/);
    expect(stdout).toMatch(/ {2}environmentVariables\.BUCKET_NAME is another\n/);
    expect(stdout).toMatch(/function teller: left\n/);
    expect(stdout).not.toContain('private');
    expect(changes(cloud.actions())).toHaveLength(before);
  });

  it('counts what a deployment does not change as left, and names what is not compared', async () => {
    const { cloud, deploy } = await ready((text) =>
      text.replace('asyncInvokeConfig:', 'logConfig: { project: p, logstore: l }\n      $&'),
    );
    await deploy();
    const old = { triggerName: 'old', triggerType: 'timer', triggerConfig: '{}' };
    cloud.functions.answer('CreateTrigger', ['shop-taker'], old);
    const { code, stdout } = await deploy(['--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/function taker: left\n {2}trigger "old" is there and not declared/);
    expect(stdout).toMatch(/function teller: left\n {2}not compared: logConfig\n/);
  });

  it('says about a stack that was never made what a deployment would say', async () => {
    const { cloud, deploy } = await ready();
    cloud.stacks.add({ name: 'shop', status: 'CREATE_FAILED' });
    const { code, stdout } = await deploy(['--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ROS updates none that was never made whole: fc-templates undeploy/);
    expect(stdout).not.toContain('would be updated');
  });
});
