import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { signRpc, stringToSignRpc } from '#src/openapi/signature/rpc';

const { OpenApiUtil } = createRequire(import.meta.url)('@alicloud/openapi-core');

const PARAMETERS: [string, string][] = [
  ['Action', 'AssumeRole'],
  ['RoleSessionName', 'a b+c*~(é)'],
  ['AccessKeyId', 'id'],
  ['Policy', '{"Version":"1"}'],
];

it('signs method, path and parameters in order, encoded twice', () => {
  expect(
    stringToSignRpc('POST', [
      ['b', '*'],
      ['a', 'x y'],
      ['Signature', 'no'],
    ]),
  ).toBe('POST&%2F&a%3Dx%2520y%26b%3D%252A');
});

it.each(['GET', 'POST'])('agrees with the SDK on %s', (method) => {
  expect(signRpc('secret', method, PARAMETERS)).toBe(
    OpenApiUtil.getRPCSignature(Object.fromEntries(PARAMETERS), method, 'secret'),
  );
});

it('changes with the secret, the method and each parameter', () => {
  const signature = signRpc('secret', 'POST', PARAMETERS);
  expect(signRpc('Secret', 'POST', PARAMETERS)).not.toBe(signature);
  expect(signRpc('secret', 'GET', PARAMETERS)).not.toBe(signature);
  expect(signRpc('secret', 'POST', PARAMETERS.slice(1))).not.toBe(signature);
});
