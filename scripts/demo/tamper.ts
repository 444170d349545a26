import type { LocalCloudHooks } from '#local/main';

/** Ways to spoil the credential a function gets. */
export const TAMPERINGS: Record<string, NonNullable<LocalCloudHooks['tamper']>> = {
  secret: (credentials) => ({ ...credentials, accessKeySecret: 'X' }),
  token: ({ accessKeyId, accessKeySecret }) => ({ accessKeyId, accessKeySecret }),
};
