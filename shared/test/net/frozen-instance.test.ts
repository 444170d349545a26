import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { credentialsUri } from '#src/credentials/credentials-uri';
import { ecsRamRole } from '#src/credentials/ecs-ram-role';
import { FunctionClient } from '#src/fc/client';
import { queryMcubeVhost } from '#src/openapi/mpaas';
import { assumeRole, getCallerIdentity } from '#src/openapi/sts';
import { OssClient } from '#src/oss/bucket/client';
import { crc64 } from '#src/oss/bucket/crc64';
import { SmqClient } from '#src/smq/client';
import { type Ending, reply, staleServer } from '#test/odd-server';

const credentials = { accessKeyId: 'STS.id', accessKeySecret: 'secret-01', securityToken: 'token' };
const ISSUED = {
  AccessKeyId: 'STS.other',
  AccessKeySecret: 'another-secret',
  SecurityToken: 'another-token',
  Expiration: '2999-01-01T00:00:00Z',
};
const JSON_TYPE = { 'content-type': 'application/json' };

const at = (url: string) => ({
  accountId: '1000000000000001',
  region: 'cn-hangzhou',
  credentials,
  env: { SMQ_ENDPOINT: url, OSS_ENDPOINT: url, STS_ENDPOINT: url, FUNCTION_ENDPOINT: url },
});
const json = (value: object) => reply(200, JSON_TYPE, JSON.stringify(value));
const body = Buffer.from('content');
const objectHeaders = {
  'x-oss-request-id': '5FFF000000000000000000A1',
  etag: '"1"',
  'x-oss-hash-crc64ecma': await crc64(body),
};

interface Client {
  answer: RequestListener;
  call(url: string): Promise<unknown>;
}

/** Every way to reach a service, each with what the service answers. */
const CLIENTS: Record<string, Client> = {
  SMQ: {
    answer: reply(
      201,
      { 'content-type': 'text/xml' },
      '<Message xmlns="x"><MessageId>A</MessageId><MessageBodyMD5>B</MessageBodyMD5></Message>',
    ),
    call: (url) => new SmqClient(at(url)).queue('orders').send('x'),
  },
  OSS: {
    answer: reply(200, objectHeaders, ''),
    call: (url) => new OssClient({ ...at(url), bucket: 'bucket' }).putObject('key', body),
  },
  'a stream of OSS': {
    answer: reply(200, { ...objectHeaders, 'content-length': String(body.length) }, String(body)),
    call: async (url) => {
      const client = new OssClient({ ...at(url), bucket: 'bucket' });
      return (await client.getObjectStream('key')).body.toArray();
    },
  },
  'Function Compute 3.0': {
    answer: reply(200, { 'x-fc-request-id': 'r' }, 'done'),
    call: (url) => new FunctionClient(at(url)).invoke('worker', 'x'),
  },
  'Function Compute 2.0': {
    answer: reply(200, { 'x-fc-request-id': 'r' }, 'done'),
    call: (url) => new FunctionClient(at(url)).invoke('service/worker', 'x'),
  },
  'the identity of STS': {
    answer: json({ AccountId: '1', Arn: 'acs:ram::1:user/a', IdentityType: 'RAMUser' }),
    call: (url) => getCallerIdentity(at(url)),
  },
  'a role of STS': {
    answer: json({ Credentials: ISSUED }),
    call: (url) => assumeRole({ ...at(url), roleArn: 'acs:ram::1:role/r' }),
  },
  mPaaS: {
    answer: json({ ResultCode: 'OK', QueryVhostResult: { Success: true, Data: 'host' } }),
    call: (url) =>
      queryMcubeVhost(
        { appId: 'a', workspaceId: 'w', tenantId: 't' },
        {
          credentials: { getCredentials: async () => credentials },
          region: 'cn-hangzhou',
          env: { MPAAS_ENDPOINT: url },
        },
      ),
  },
  'a credentials URI': {
    answer: json({ Code: 'Success', ...ISSUED }),
    call: (url) => credentialsUri({ uri: `${url}/c` }).getCredentials(),
  },
  'the metadata server': {
    answer: json({ Code: 'Success', ...ISSUED }),
    call: (url) => ecsRamRole({ roleName: 'r', endpoint: url }).getCredentials(),
  },
};

describe.each<Ending>(['reset', 'closed'])(
  'an instance that was frozen: idle connections %s',
  (ending) => {
    it.each(Object.entries(CLIENTS))('%s answers its first call afterwards', async (_, client) => {
      const { url, outcomes } = await staleServer(client.answer, { ending });
      const first = await client.call(url);
      expect(await client.call(url)).toEqual(first);
      expect(outcomes.length).toBeGreaterThan(1);
      expect(outcomes.at(-1)).toBe('answered');
    });
  },
);
