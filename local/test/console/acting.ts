import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from 'fc-kit/credentials';
import { startTestCloud, type TestCloud, type TestCloudOptions } from 'fc-local/testing';
import { onTestFinished } from 'vitest';
import { close, listen, urlOf } from '#src/http/listen';
import type { RoleSpec } from '#src/project/types';
import { type Exchanged, exchange } from '../exchange.ts';

export interface Acting {
  functionName: string;
  event: string;
  /** The invocation's own credential. */
  credentials: Credentials;
  /** The credential in the environment of its instance. */
  environment: Credentials;
  requestId: string;
}

/** Acts as a function, in this process and with its credential, and resolves to its output. */
export type Act = (acting: Acting, cloud: TestCloud) => Promise<string>;

/** Asks the test to act in its name, and prints the result. */
const CODE = `
exports.handler = async (event, context) => {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN } = process.env;
  const response = await fetch(process.env.ACT_URL, { method: 'POST', body: JSON.stringify({
    functionName: context.function.name, event: String(event), credentials: context.credentials, requestId: context.requestId,
    environment: { accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID, accessKeySecret: ALIBABA_CLOUD_ACCESS_KEY_SECRET, securityToken: ALIBABA_CLOUD_SECURITY_TOKEN },
  }) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  for (const line of text.split('\\n')) if (line) console.log(line);
  return { statusCode: 200, body: text };
};`;

const TRIGGERS = {
  publisher: { triggerType: 'http', triggerConfig: { authType: 'anonymous', methods: ['POST'] } },
  consumer: {
    triggerType: 'timer',
    triggerConfig: { cronExpression: '@every 24h', enable: false },
  },
  recorder: {
    triggerType: 'oss',
    sourceArn: 'acs:oss:cn-hangzhou:1000000000000001:photos',
    invocationRole: 'acs:ram::1000000000000001:role/recorder',
    triggerConfig: {
      events: ['oss:ObjectCreated:PutObject'],
      filter: { key: { prefix: 'orders/', suffix: '' } },
    },
  },
};

/**
 * Starts a cloud with a console, a topic `news` that goes to the queue `orders`, a bucket `photos`,
 * and three functions, each with a role that allows what `allowed` says: `publisher` by HTTP,
 * `consumer` by a timer, `recorder` by objects under `orders/`. `act` does their work.
 */
export async function startActing(
  act: Act,
  allowed: Record<string, string[]> = {},
  options: TestCloudOptions = {},
) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      act(JSON.parse(Buffer.concat(chunks).toString()), cloud).then(
        (text) => response.end(text),
        (error: Error) => response.writeHead(500).end(String(error.stack)),
      );
    });
  });
  const actUrl = urlOf('127.0.0.1', await listen(server, '127.0.0.1', 0));
  onTestFinished(() => close(server));
  const cloud: TestCloud = await startTestCloud({
    project: projectFolder(actUrl),
    console: true,
    ...options,
    resources: {
      topics: [{ name: 'news' }],
      queues: [{ name: 'orders', visibilityTimeout: 30 }],
      subscriptions: [
        {
          name: 'to-orders',
          topic: 'news',
          endpoint: 'acs:mns:cn-hangzhou:1000000000000001:queues/orders',
          notifyContentFormat: 'SIMPLIFIED',
        },
      ],
      buckets: [{ name: 'photos', acl: 'private' }],
      roles: Object.keys(TRIGGERS).map((name) => roleOf(name, allowed[name] ?? ['*'])),
    },
  });
  onTestFinished(() => cloud.close());
  const get = (path: string): Promise<Exchanged> =>
    exchange(cloud.console?.port ?? 0, { method: 'GET', path, headers: {} });
  return { cloud, get };
}

function projectFolder(actUrl: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'acting-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code', 'index.js'), CODE);
  const resources = Object.entries(TRIGGERS).map(([name, trigger]) => [
    name,
    {
      component: 'fc3',
      props: {
        region: 'cn-hangzhou',
        functionName: name,
        runtime: 'nodejs20',
        handler: 'index.handler',
        code: './code',
        // A busy machine may be slow.
        timeout: 120,
        role: `acs:ram::1000000000000001:role/${name}`,
        environmentVariables: { ACT_URL: actUrl },
        triggers: [{ triggerName: 'only', ...trigger }],
      },
    },
  ]);
  const project = {
    edition: '3.0.0',
    name: 'acting',
    access: 'default',
    resources: Object.fromEntries(resources),
  };
  writeFileSync(join(folder, 's.yaml'), JSON.stringify(project));
  return folder;
}

function roleOf(name: string, actions: string[]): RoleSpec {
  const services = ['fc.aliyuncs.com', 'oss.aliyuncs.com'];
  return {
    name,
    trust: {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: services, RAM: ['acs:ram::1000000000000001:root'] },
        },
      ],
    },
    policies: [
      {
        name: 'of-a-test',
        document: {
          Version: '1',
          Statement: [
            { Effect: 'Allow', Action: [...actions, 'fc:InvokeFunction'], Resource: ['*'] },
          ],
        },
      },
    ],
  };
}
