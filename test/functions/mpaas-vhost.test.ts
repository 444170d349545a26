import { httpEvent } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { handler } from '#functions/mpaas-vhost';
import { fakeContext } from '#test/fake-context';
import { calledDirectly, localCloud } from '#test/local-cloud';

const get = httpEvent({ method: 'GET' });
const parsed = (body: string | undefined) => JSON.parse(body ?? '');
const VHOST = { appId: 'YOUR_APP_ID', vhost: 'https://your_app_id.h5app.example' };

it('assumes the role with the context’s credential and asks mPaaS with the role’s credential', async () => {
  const { context } = await calledDirectly('mpaas-vhost');
  const response = await handler(get, context);
  expect([response.statusCode, parsed(response.body)]).toEqual([200, VHOST]);
});

it('does the same as a bundle behind its HTTP trigger', async () => {
  const cloud = await localCloud();
  const response = await fetch(cloud.function('mpaas-vhost').url);
  expect([response.status, await response.json()]).toEqual([200, VHOST]);
});

it('assumes the role with the pair in MPAAS_AK_ENV and MPAAS_SK_ENV if the function has no role', async () => {
  const { cloud, context } = await calledDirectly('mpaas-vhost');
  const role = `acs:ram::${cloud.accountId}:role/mpaas-for-users`;
  cloud.role('mpaas-for-users').define({
    trust: {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: [`acs:ram::${cloud.accountId}:root`] },
        },
      ],
    },
    policies: [
      {
        name: 'all',
        document: { Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      },
    ],
  });
  process.env.RAM_ROLE_ARN = role;
  process.env.MPAAS_AK_ENV = cloud.accessKey.accessKeyId;
  process.env.MPAAS_SK_ENV = cloud.accessKey.accessKeySecret;
  try {
    const response = await handler(get, { ...context, credentials: undefined });
    expect([response.statusCode, parsed(response.body)]).toEqual([200, VHOST]);
  } finally {
    delete process.env.MPAAS_AK_ENV;
    delete process.env.MPAAS_SK_ENV;
  }
});

it.each([
  ['an app that mPaaS does not know', { MPAAS_APP_ID: 'NO_SUCH_APP' }],
  ['a role that is not there', { RAM_ROLE_ARN: 'acs:ram::1000000000000001:role/nobody' }],
  ['a role ARN of the wrong form', { RAM_ROLE_ARN: 'role/nobody' }],
  ['no tenant', { MPAAS_TENANT_ID: '' }],
])('answers 500 without details to %s', async (_, change) => {
  const { context } = await calledDirectly('mpaas-vhost');
  Object.assign(process.env, change);
  const response = await handler(get, context);
  expect([response.statusCode, parsed(response.body).error.code]).toEqual([500, 'InternalError']);
});

it('answers 500 when there is neither a role nor a pair', async () => {
  await calledDirectly('mpaas-vhost');
  const response = await handler(get, fakeContext({ credentials: undefined }));
  expect(response.statusCode).toBe(500);
});
