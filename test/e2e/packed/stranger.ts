import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SERVERLESS = `edition: 3.0.0
name: hello
access: default
resources:
  infra:
    component: ros
    props:
      name: hello
      region: cn-hangzhou
      template: ./ros.yaml
  hello:
    component: fc3
    actions:
      pre-deploy:
        - run: node --version
    props:
      region: cn-hangzhou
      functionName: hello
      runtime: nodejs20
      handler: index.handler
      code: ./code
      role: \${resources.infra.output.RoleArn}
      triggers:
        - triggerName: http
          triggerType: http
          triggerConfig:
            authType: anonymous
            methods: [GET]
`;

const TEMPLATE = `ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Queue:
    Type: ALIYUN::MNS::Queue
    Properties: { QueueName: greetings }
  Bucket:
    Type: ALIYUN::OSS::Bucket
    Properties: { BucketName: hello-greetings }
  Role:
    Type: ALIYUN::RAM::Role
    Properties:
      RoleName: hello
      AssumeRolePolicyDocument:
        Version: '1'
        Statement:
          - { Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: [fc.aliyuncs.com] } }
      Policies:
        - PolicyName: hello
          PolicyDocument:
            Version: '1'
            Statement:
              - { Effect: Allow, Action: ['mns:SendMessage', 'oss:PutObject'], Resource: ['*'] }
Outputs:
  RoleArn:
    Value: { 'Fn::GetAtt': [Role, Arn] }
`;

/** Answers an HTTP trigger with a greeting, and any other call with what it was given. */
const HANDLER = `exports.handler = async (event, context) => {
  const { rawPath } = JSON.parse(event.toString() || '{}');
  if (rawPath) return { statusCode: 200, body: 'hello from ' + rawPath };
  return {
    node: process.versions.node,
    accountId: context.accountId,
    credentials: context.credentials,
    env: { SMQ_ENDPOINT: process.env.SMQ_ENDPOINT, OSS_ENDPOINT: process.env.OSS_ENDPOINT },
  };
};
`;

/** A handler in TypeScript that imports the kit as the templates' handlers do. */
const GREETER = `import { httpHandler, json } from '#shared/handler';
export const handler = httpHandler(async () => json(200, { hello: 'there' }));
`;

const EXPORTS = {
  'fc-local': ['', '/testing', '/project'],
  'fc-kit': [
    '/handler',
    '/events',
    '/schema',
    '/smq',
    '/oss',
    '/consume',
    '/publish',
    '/idempotency',
    '/credentials',
    '/openapi',
    '/fc',
  ],
};

/** Everything that the packages export, imported by a module. */
const ALL_IMPORTS = Object.entries(EXPORTS)
  .flatMap(([name, paths]) => paths.map((path) => `${name}${path}`))
  .map((entry, nth) => `import * as entry${nth} from '${entry}';\nvoid entry${nth};\n`)
  .join('');

const TYPESCRIPT = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    skipLibCheck: false,
  },
  files: ['all.mts'],
};

/**
 * Writes a project that is independent of this repository: a function in plain JavaScript, its own s.yaml
 * and template.
 */
export function writeStranger(folder: string): void {
  const files = {
    'package.json': JSON.stringify({
      name: 'hello',
      private: true,
      imports: { '#shared/*': 'fc-kit/*' },
    }),
    's.yaml': SERVERLESS,
    'ros.yaml': TEMPLATE,
    'code/index.js': HANDLER,
  };
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
}

/**
 * Adds a function in TypeScript, and two modules that import everything the packages export: one for
 * TypeScript, one for Node.js.
 */
export function writeSources(folder: string): void {
  write(join(folder, 'functions', 'greeter', 'index.ts'), GREETER);
  write(join(folder, 'all.mts'), ALL_IMPORTS);
  write(join(folder, 'all.mjs'), ALL_IMPORTS);
  write(join(folder, 'tsconfig.json'), JSON.stringify(TYPESCRIPT));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
