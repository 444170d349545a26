import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '#test/repository';
import { toolPort } from './tool-server.ts';

const COMPONENTS = fileURLToPath(new URL('components', import.meta.url));

/** An s.yaml of two functions and a stack. */
const S_YAML = `edition: 3.0.0
name: shop
access: default
vars:
  app: \${env('APP_NAME', 'shop')}
resources:
  infra:
    component: ros
    props:
      region: cn-hangzhou
      name: \${vars.app}
      template: ./infra/template.yaml
      parameters:
        AppName: \${this.props.name}
  taker:
    component: fc3@0.1.22
    actions:
      pre-deploy:
        - run: npx fc-templates build
          path: ./
    props:
      region: cn-hangzhou
      functionName: \${resources.infra.props.name}-taker
      runtime: nodejs20
      handler: index.handler
      code: ./dist/taker
      timeout: 10
      memorySize: 512
      cpu: 0.5
      diskSize: 512
      role: \${resources.infra.output.TakerRole}
      environmentVariables:
        BUCKET_NAME: \${resources.infra.output.BucketName}
      triggers:
        - triggerName: http
          triggerType: http
          triggerConfig: { authType: function, methods: [POST] }
  teller:
    component: fc3@0.1.22
    actions:
      pre-deploy:
        - run: npx fc-templates build teller
          path: ./
    props:
      region: cn-hangzhou
      functionName: \${resources.infra.props.name}-teller
      runtime: nodejs20
      handler: index.handler
      code: ./dist/teller
      timeout: 10
      role: \${resources.infra.output.TakerRole}
      asyncInvokeConfig: { maxAsyncRetryAttempts: 0 }
      triggers:
        - triggerName: every-minute
          triggerType: timer
          triggerConfig: { cronExpression: '@every 1m', enable: true }
`;

const TEMPLATE = `ROSTemplateFormatVersion: '2015-09-01'
Parameters:
  AppName: { Type: String, Default: shop }
  AlarmEmail: { Type: String, Default: '' }
Resources:
  Bucket:
    Type: ALIYUN::OSS::Bucket
    Properties:
      BucketName: { Fn::Sub: '\${AppName}-photos' }
  TakerRole:
    Type: ALIYUN::RAM::Role
    Properties:
      RoleName: { Fn::Sub: '\${AppName}-taker' }
      AssumeRolePolicyDocument:
        Version: '1'
        Statement:
          - { Effect: Allow, Action: sts:AssumeRole, Principal: { Service: [fc.aliyuncs.com] } }
Outputs:
  TakerRole: { Value: { Fn::GetAtt: [TakerRole, Arn] } }
  BucketName: { Value: { Fn::GetAtt: [Bucket, Name] } }
`;

/** Links the components, under each of the names that an s.yaml may give them, where the tool looks first. */
export async function installComponents(
  project: string,
  versions: readonly string[],
): Promise<void> {
  for (const component of versions) {
    const folder = join(project, component);
    await mkdir(folder);
    const main = { name: component, version: '1.0.0', main: 'index.js' };
    await writeFile(join(folder, 'package.json'), JSON.stringify(main));
    await cp(join(COMPONENTS, `${component.split('@')[0]}.cjs`), join(folder, 'index.js'));
  }
}

export interface RecordedProjectOptions {
  /** Whether to use the deploy tool itself, which takes seconds; default a script instead of it. */
  realTool?: boolean;
  /** Returns another s.yaml. */
  change?(sYaml: string): string;
}

/** Makes a project that is deployed to a recording cloud, removed after the test. */
export async function recordedProject({
  realTool = false,
  change = (text) => text,
}: RecordedProjectOptions = {}): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'recorded-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  const handler = 'export const handler = async () => process.env.BUCKET_NAME;\n';
  const sYaml = change(S_YAML);
  for (const [path, text] of Object.entries({
    's.yaml': sYaml,
    'preview.json': JSON.stringify(parse(filledIn(sYaml))),
    'infra/template.yaml': TEMPLATE,
    'functions/taker/index.ts': handler,
    'functions/teller/index.ts': handler,
    'package.json': '{ "name": "shop", "type": "module" }\n',
  })) {
    await mkdir(join(project, path, '..'), { recursive: true });
    await writeFile(join(project, path), text);
  }
  await installModules(project, realTool);
  await installComponents(project, ['fc3@0.1.22', 'ros']);
  return project;
}

/** Returns what the deploy tool's preview makes of it, for these few expressions. */
function filledIn(sYaml: string): string {
  return sYaml.replace(
    /\$\{(?!resources\.\w+\.output)[^}]*\}/g,
    (expression) => /'([^']*)'\)\}$/.exec(expression)?.[1] ?? 'shop',
  );
}

async function installModules(project: string, realTool: boolean): Promise<void> {
  const modules = join(ROOT, 'node_modules');
  if (realTool) return symlink(modules, join(project, 'node_modules'));
  const own = join(project, 'node_modules');
  const tool = join(own, '@serverless-devs', 's');
  await mkdir(join(tool, 'bin'), { recursive: true });
  await writeFile(
    join(tool, 'package.json'),
    '{ "name": "@serverless-devs/s", "version": "3.1.10" }',
  );
  await cp(join(COMPONENTS, 'tool.cjs'), join(tool, 'bin', 's'));
  await writeFile(join(tool, 'bin', 'port'), String(await toolPort()));
}
