import type { CredentialMethods } from '../start/credential-methods.ts';
import { exported } from './export-lines.ts';

/** The ways to a credential, named as in the documentation of OSS. */
export const METHODS = [
  'access-key',
  'sts-token',
  'ram-role-arn',
  'ecs-ram-role',
  'oidc-role-arn',
  'fc-context',
  'credentials-uri',
  'custom',
] as const;

export type Method = (typeof METHODS)[number];

interface MethodLines {
  /** What a client must know besides the variables: one comment per line. */
  notes: string[];
  variables: Record<string, string>;
}

const SESSION_NAME = 'fc-local';

/** Which clients read which of them: listed once, since clients differ. */
const CREDENTIALS_PACKAGES =
  'read by the default chains of @alicloud/credentials and its kin for Python, Java and Go, and by fc-kit';

/**
 * Returns shell lines after which a client gets its credential in that way, and no other: the
 * variables of the other ways are unset. `owner` uses the account's own key pair instead of the
 * user's.
 */
export function methodLines(
  method: Method,
  account: CredentialMethods,
  { owner = false }: { owner?: boolean } = {},
): string {
  const pair = owner ? account.owner : account.user;
  const { notes, variables } = LINES[method](account, pair);
  const unset = VARIABLES.filter((name) => !(name in variables));
  const place = {
    ...account.environment,
    ALIBABA_CLOUD_ACCOUNT_ID: account.accountId,
    ALIBABA_CLOUD_REGION_ID: account.region,
  };
  return [
    `# ${method}`,
    ...notes.map((note) => `# ${note}`),
    `unset ${unset.join(' ')}`,
    exported({ ...place, ...variables }),
  ].join('\n');
}

/** All variables that any of the ways sets. */
const VARIABLES = [
  'ALIBABA_CLOUD_ACCESS_KEY_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  'ALIBABA_CLOUD_SECURITY_TOKEN',
  'OSS_ACCESS_KEY_ID',
  'OSS_ACCESS_KEY_SECRET',
  'OSS_SESSION_TOKEN',
  'OSS_STS_ROLE_ARN',
  'MNS_ACCESS_KEY_ID',
  'MNS_ACCESS_KEY_SECRET',
  'MNS_SESSION_TOKEN',
  'ALIBABA_CLOUD_ROLE_ARN',
  'ALIBABA_CLOUD_ROLE_SESSION_NAME',
  'ALIBABA_CLOUD_OIDC_PROVIDER_ARN',
  'ALIBABA_CLOUD_OIDC_TOKEN_FILE',
  'ALIBABA_CLOUD_ECS_METADATA',
  'ALIBABA_CLOUD_IMDSV1_DISABLED',
  'ALIBABA_CLOUD_CREDENTIALS_URI',
];

type Pair = CredentialMethods['user'];

const LINES: Record<Method, (account: CredentialMethods, pair: Pair) => MethodLines> = {
  'access-key': (_, pair) => ({
    notes: [
      `ALIBABA_CLOUD_ACCESS_KEY_*: ${CREDENTIALS_PACKAGES}`,
      'OSS_ACCESS_KEY_*: read by the OSS SDKs for Python, Go and Java; ali-oss takes the pair as options',
    ],
    variables: keys(pair),
  }),
  'sts-token': ({ session }) => ({
    notes: [
      `ALIBABA_CLOUD_*: ${CREDENTIALS_PACKAGES}; OSS_*: by the OSS SDKs for Python, Go and Java`,
      `MNS_*: by samples of SMQ, and by fc-kit. Valid until ${session.expiration}`,
    ],
    variables: {
      ...keys(session),
      ALIBABA_CLOUD_SECURITY_TOKEN: session.securityToken,
      OSS_SESSION_TOKEN: session.securityToken,
      MNS_ACCESS_KEY_ID: session.accessKeyId,
      MNS_ACCESS_KEY_SECRET: session.accessKeySecret,
      MNS_SESSION_TOKEN: session.securityToken,
    },
  }),
  'ram-role-arn': ({ roleArn, environment }, pair) => ({
    notes: [
      'the pair assumes the role: OSS_STS_ROLE_ARN is the name in the documentation of OSS, ALIBABA_CLOUD_ROLE_* those of @alicloud/credentials and its kin',
      `AssumeRole is at ${environment.STS_ENDPOINT}: @alicloud/sts20150401 takes it as endpoint with protocol http; @alicloud/credentials calls STS by https only`,
    ],
    variables: {
      ...keys(pair),
      OSS_STS_ROLE_ARN: roleArn,
      ALIBABA_CLOUD_ROLE_ARN: roleArn,
      ALIBABA_CLOUD_ROLE_SESSION_NAME: SESSION_NAME,
    },
  }),
  'ecs-ram-role': ({ instanceRole, environment }) => ({
    notes: [
      `ALIBABA_CLOUD_ECS_METADATA: the role's name, ${CREDENTIALS_PACKAGES}`,
      `they ask http://100.100.100.200, which no variable changes; here it is ${environment.STS_ENDPOINT}/latest/meta-data/ram/security-credentials/, with a token from PUT /latest/api/token`,
    ],
    variables: { ALIBABA_CLOUD_ECS_METADATA: instanceRole, ALIBABA_CLOUD_IMDSV1_DISABLED: 'true' },
  }),
  'oidc-role-arn': ({ oidc, environment }) => ({
    notes: [
      `${CREDENTIALS_PACKAGES}; the file is written anew before its token expires`,
      `AssumeRoleWithOIDC is at ${environment.STS_ENDPOINT}: @alicloud/sts20150401 takes it as endpoint with protocol http; @alicloud/credentials calls STS by https only`,
    ],
    variables: {
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: oidc.providerArn,
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: oidc.tokenFile,
      ALIBABA_CLOUD_ROLE_ARN: oidc.roleArn,
      ALIBABA_CLOUD_ROLE_SESSION_NAME: SESSION_NAME,
    },
  }),
  'fc-context': ({ context }) => ({
    notes: [
      'what an instance finds in its environment; a handler finds the same in context.credentials, a custom runtime in the headers x-fc-access-key-id, x-fc-access-key-secret and x-fc-security-token',
      `${CREDENTIALS_PACKAGES}. Valid until ${context.expiration}; --function NAME gives that of a function's role`,
    ],
    variables: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: context.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: context.accessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: context.securityToken,
    },
  }),
  'credentials-uri': ({ credentialsUri }) => ({
    notes: [CREDENTIALS_PACKAGES],
    variables: { ALIBABA_CLOUD_CREDENTIALS_URI: credentialsUri },
  }),
  custom: ({ credentialsUri }) => ({
    notes: [
      'no variable: your own object gives the credential (getCredentials() and getProviderName() for @alicloud/credentials, getCredentials() for fc-kit)',
      `one to give: curl ${credentialsUri}`,
    ],
    variables: {},
  }),
};

function keys({ accessKeyId, accessKeySecret }: Pair): Record<string, string> {
  return {
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    OSS_ACCESS_KEY_ID: accessKeyId,
    OSS_ACCESS_KEY_SECRET: accessKeySecret,
  };
}
