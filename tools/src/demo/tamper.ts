import type { LocalCloudHooks } from '../../../local/src/main.ts';

/** Ways to spoil the credential a function gets. */
export const TAMPERINGS: Record<string, NonNullable<LocalCloudHooks['tamper']>> = {
  secret: (credentials) => ({ ...credentials, accessKeySecret: 'X' }),
  token: ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret }),
};
