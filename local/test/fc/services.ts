import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { DrivenClock } from '#src/clock';
import { Identities } from '#src/identities/identities';
import { OssService } from '#src/oss/service';
import type { FunctionSpec, RoleSpec } from '#src/project/types';
import { SmqService } from '#src/smq/core/service';
import { memoryStore } from '#src/smq/store/memory';
import { eventSources, roleCheck } from '#src/start/event-sources';
import { startFixture, writeFunction } from './fixture.ts';

export const ACCOUNT = '1234567890';
export const REGION = 'cn-hangzhou';

/**
 * Starts a runtime beside a real SMQ and OSS with two queues, a topic and a bucket, and the roles
 * that a test gives.
 */
export async function startWithServices(
  roles: RoleSpec[] = [],
  { strictHandles, ...options }: { instanceLimit?: number; strictHandles?: boolean } = {},
) {
  const clock = new DrivenClock();
  const store = memoryStore();
  const smq = new SmqService({ clock, store, accountId: ACCOUNT, strictHandles });
  await smq.apply({
    queues: [{ name: 'orders', visibilityTimeout: 30 }, { name: 'dead' }],
    topics: [{ name: 'news' }],
  });
  const oss = await OssService.open({ clock, accountId: ACCOUNT, region: REGION });
  await oss.apply({ buckets: [{ name: 'photos', acl: 'private' }] });
  onTestFinished(() => oss.close());
  const identities = new Identities({
    clock,
    accountId: ACCOUNT,
    accessKeyId: 'owner-id',
    accessKeySecret: 'owner-secret',
  });
  for (const role of roles) identities.defineRole(role);
  const fixture = await startFixture({
    clock,
    authority: identities,
    sources: eventSources(smq, oss),
    checkRole: roleCheck(identities),
    ...options,
  });
  return {
    ...fixture,
    clock,
    smq,
    oss,
    identities,
    /** Deploys a function with that code. */
    deploy: async (code: string, spec: Partial<FunctionSpec> = {}): Promise<FunctionSpec> => {
      const fn = writeFunction(code, spec);
      await fixture.runtime.deploy(fn);
      return fn;
    },
    put: (key: string, body = 'x') =>
      oss.objects.put(
        { bucket: 'photos', key },
        Readable.from([Buffer.from(body)]),
        {
          properties: { headers: {}, meta: {}, acl: 'default', storageClass: 'Standard', tags: [] },
        },
        { requestId: 'R1', sourceIp: '127.0.0.1' },
      ),
    /** Returns the bodies in a queue. */
    bodies: (queue: string) => smq.inspect(queue).map(({ body }) => body),
  };
}

/** Returns a role that `service` may assume, allowed to do `action`. */
export function roleFor(service: string, action: string): RoleSpec {
  return {
    name: 'invoker',
    trust: {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: [service] } }],
    },
    policies: [
      {
        name: 'invoke',
        document: {
          Version: '1',
          Statement: [{ Effect: 'Allow', Action: [action], Resource: ['*'] }],
        },
      },
    ],
  };
}

/** Prints each event on one line after `got`. */
export const PRINTS = "exports.handler = async (event) => console.log('got ' + event);";
