import { expect, it } from 'vitest';
import { recordingCloud } from '#test/recording/cloud';
import { recordedProject } from '#test/recording/project';
import { run } from '#test/run';

it('the real deploy tool passes a temporary credential to its components, deploys, informs and removes', async () => {
  const pair = { accessKeyId: 'STS.a', accessKeySecret: 'hush', securityToken: 'hush-token' };
  const cloud = await recordingCloud(pair);
  cloud.stacks.outputs = { TakerRole: 'acs:ram::1:role/shop-taker', BucketName: 'shop-photos' };
  const project = await recordedProject({ realTool: true });
  // Without NODE_ENV=test it would look for an update of itself and send telemetry.
  const env = { ...cloud.env, HOME: project, NODE_ENV: 'test' };
  const deployed = await run(['deploy'], { cwd: project, env });
  expect([deployed.code, deployed.stderr]).toEqual([0, '']);
  expect([...cloud.functions.all.keys()]).toEqual(['shop-taker', 'shop-teller']);

  const info = await run(['info', 'taker'], { cwd: project, env });
  expect([info.code, info.stdout]).toEqual([0, expect.stringContaining('shop-taker')]);

  const gone = await run(['undeploy'], { cwd: project, env });
  expect([gone.code, gone.stderr]).toEqual([0, '']);
  expect(cloud.functions.all.size).toBe(0);
  expect(cloud.stacks.all.map(({ status }) => status)).toEqual(['DELETE_COMPLETE']);

  expect(cloud.requests.filter(({ securityToken }) => securityToken !== 'hush-token')).toEqual([]);
  for (const { stdout, stderr } of [deployed, info, gone])
    expect(stdout + stderr).not.toContain('hush');
});
