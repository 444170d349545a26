/** The variables of each service, each with a credential in them. */
export const MNS = {
  MNS_ACCESS_KEY_ID: 'mns-id',
  MNS_ACCESS_KEY_SECRET: 'mns-secret',
  MNS_SESSION_TOKEN: 'mns-token',
};
export const GENERAL = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'general-id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'general-secret',
};
export const OSS = { OSS_ACCESS_KEY_ID: 'oss-id', OSS_ACCESS_KEY_SECRET: 'oss-secret' };
export const MPAAS = { MPAAS_AK_ENV: 'mpaas-id', MPAAS_SK_ENV: 'mpaas-secret' };
