import { recordingCloud } from '#test/recording/cloud';
import { recordedProject } from '#test/recording/project';
import { type Ended, run } from '#test/run';

/** Outputs of the recorded project's stack. */
export const OUTPUTS = {
  TakerRole: 'acs:ram::1234567890123456:role/shop-taker',
  BucketName: 'shop-photos',
};

/** A cloud and a project that has not been deployed to it. */
export async function ready(change?: (sYaml: string) => string) {
  const cloud = await recordingCloud();
  cloud.stacks.outputs = OUTPUTS;
  const project = await recordedProject(change ? { change } : {});
  const deploy = (args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    run(['deploy', ...args], { cwd: project, env: { ...cloud.env, HOME: project, ...env } });
  return { cloud, project, deploy };
}

/** Returns the actions that change something. */
export const changes = (actions: string[]) =>
  actions.filter((one) => /:(Create|Update|Put|Delete)/.test(one));
