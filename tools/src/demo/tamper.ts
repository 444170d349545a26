import type { LocalCloudHooks } from 'fc-local';

/** Ways to spoil the credential a function gets. */
export const TAMPERINGS: Record<string, NonNullable<LocalCloudHooks['tamper']>> = {
  secret: (credentials) => ({ ...credentials, accessKeySecret: 'X' }),
  token: ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret }),
};
