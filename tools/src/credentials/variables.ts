import type { Service } from 'fc-kit/credentials';

/** One variable with the placeholder that the docs show for it. */
export interface Variable {
  name: string;
  placeholder: string;
  secret: boolean;
}

const plain = (name: string, placeholder: string): Variable => ({
  name,
  placeholder,
  secret: false,
});
const id = (name: string) => plain(name, 'YOUR_ACCESS_KEY_ID');
const secret = (name: string) => ({ name, placeholder: 'YOUR_ACCESS_KEY_SECRET', secret: true });
const token = (name: string) => ({ name, placeholder: 'YOUR_SECURITY_TOKEN', secret: true });

/** A RAM user's own pair. */
export const LONG_TERM: Record<Service, Variable[]> = {
  smq: [id('ALIBABA_CLOUD_ACCESS_KEY_ID'), secret('ALIBABA_CLOUD_ACCESS_KEY_SECRET')],
  oss: [id('OSS_ACCESS_KEY_ID'), secret('OSS_ACCESS_KEY_SECRET')],
  mpaas: [
    id('MPAAS_AK_ENV'),
    secret('MPAAS_SK_ENV'),
    plain('RAM_ROLE_ARN', 'acs:ram::YOUR_ACCOUNT_ID:role/YOUR_ROLE_NAME'),
  ],
};

/**
 * What STS issued. mPaaS has none: its pair only serves to assume RAM_ROLE_ARN, and the resulting
 * credential is temporary.
 */
export const TEMPORARY: Partial<Record<Service, Variable[]>> = {
  smq: [id('MNS_ACCESS_KEY_ID'), secret('MNS_ACCESS_KEY_SECRET'), token('MNS_SESSION_TOKEN')],
  oss: [id('OSS_ACCESS_KEY_ID'), secret('OSS_ACCESS_KEY_SECRET'), token('OSS_SESSION_TOKEN')],
};

export interface Endpoint {
  variable: Variable;
  /** Each form of the address, with where it can be reached from. */
  forms: readonly [from: string, address: string][];
}

/**
 * The address that a script outside Function Compute needs: inside, it is derived from the region and
 * account of the context.
 */
export const ENDPOINTS: Partial<Record<Service, Endpoint>> = {
  smq: {
    variable: plain('SMQ_ENDPOINT', 'https://YOUR_ACCOUNT_ID.mns.YOUR_REGION.aliyuncs.com'),
    forms: [
      ['anywhere (public)', 'https://YOUR_ACCOUNT_ID.mns.YOUR_REGION.aliyuncs.com'],
      [
        'the classic network of the region (internal, http only)',
        'http://YOUR_ACCOUNT_ID.mns.YOUR_REGION-internal.aliyuncs.com',
      ],
      [
        'a VPC of the region (http only)',
        'http://YOUR_ACCOUNT_ID.mns.YOUR_REGION-internal-vpc.aliyuncs.com',
      ],
    ],
  },
};
