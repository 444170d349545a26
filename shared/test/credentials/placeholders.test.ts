import { expect, it } from 'vitest';
import { readFamily } from '#src/credentials/families';
import { OSS } from './variables.ts';

const FAMILY = { id: 'OSS_ACCESS_KEY_ID', secret: 'OSS_ACCESS_KEY_SECRET' };
const read = (value: string) => () => readFamily(FAMILY, { ...OSS, OSS_ACCESS_KEY_ID: value });

it.each([
  '<your-access-key-id>',
  '<AccessKey ID>',
  '<你的 AccessKey ID>',
  '您的AccessKeyId',
  'YOUR_ACCESS_KEY_ID',
  'your_access_key_id',
  'your-access-key-id',
  'yourAccessKeyId',
  'YourAccessKeyId',
  '[your access key id]',
  '{access-key-id}',
  '{{ .Values.accessKeyId }}',
  'LTA****',
  'LTAI****************',
  'LTAIxxxxxxxx',
  'LTAI5txxxxxxxxxxxx',
  'LTAI...',
  'LTAI5t…',
  'xxx',
  'XXXXXXXXXXXXXXXXXXXXXXXX',
  '%MNS_ACCESS_KEY_ID%',
  '$OSS_ACCESS_KEY_ID',
  `\${OSS_ACCESS_KEY_ID}`,
  `\${{ secrets.ACCESS_KEY_ID }}`,
  '$(accessKeyId)',
  '$env:OSS_ACCESS_KEY_ID',
  '!OSS_ACCESS_KEY_ID!',
  'OSS_ACCESS_KEY_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  'AccessKeyId',
  'access_key_secret',
  'AccessKey ID',
])('takes %j for a placeholder', (value) => {
  expect(read(value)).toThrow(
    expect.objectContaining({
      code: 'BrokenCredentials',
      message: expect.stringMatching(/^OSS_ACCESS_KEY_ID holds a placeholder: /),
    }),
  );
});

it.each([
  'LTAI5tQxxABCDEFGHJKLMNPQ',
  'LTAIx',
  'x',
  'my-access-key',
  'TMP.3KeyXxXx',
  'AKID_1',
  'CAIS8AF1q6Ft5B2yfSjIr5fSOsvsiq/yourAbYUXgUZ+Y3tOzYmVwQ==',
  'CAIS8AF1q6Ft5B2yfSjIr5fSOsvsiq8Qv+abYUXgUZ/Y3tOzYmVwQ==',
])('takes %j for a value', (value) => {
  expect(read(value)()).toMatchObject({ accessKeyId: value });
});
