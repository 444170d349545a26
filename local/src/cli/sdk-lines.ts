/**
 * Which clients read which of the variables, and a line of code for each client that reads none: it
 * takes them from the environment that `fc-local env` sets. Shell comments. That the Node.js SDKs
 * read none is seen in their sources; the others are described by their documentation.
 */
export const SDK_NOTES: readonly string[] = [
  'ALIBABA_CLOUD_ACCESS_KEY_*: the default chains of @alicloud/credentials and its kin for Python, Java and Go; fc-kit',
  'OSS_ACCESS_KEY_*: the credential providers of the OSS SDKs for Python, Go and Java',
  'SMQ_ENDPOINT, OSS_ENDPOINT, STS_ENDPOINT, MPAAS_ENDPOINT, FUNCTION_ENDPOINT: fc-kit; FUNCTION_ENDPOINT too: fc-local invoke, logs, record and replay',
  'ALIBABA_CLOUD_ACCOUNT_ID, ALIBABA_CLOUD_REGION_ID: fc-templates; the region too: fc-kit, for STS',
  'The SDKs of each service read none of the addresses, and those for Node.js nothing at all. With const { env } = process:',
];

const KEYS =
  'accessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID, accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET';

/** A line for each SDK for Node.js, by the name of its package. */
export const SDK_LINES: Readonly<Record<string, string>> = {
  'ali-oss': `new OSS({ ${KEYS}, endpoint: env.OSS_ENDPOINT, bucket: 'NAME' })`,
  '@alicloud/mns': `new MNS(env.ALIBABA_CLOUD_ACCOUNT_ID, { ${KEYS}, endpoint: env.SMQ_ENDPOINT })`,
  '@alicloud/fc2': `new FC(env.ALIBABA_CLOUD_ACCOUNT_ID, { accessKeyID: env.ALIBABA_CLOUD_ACCESS_KEY_ID, accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET, region: env.ALIBABA_CLOUD_REGION_ID, endpoint: env.FUNCTION_ENDPOINT })`,
  '@alicloud/fc20230330': `new FC({ ${KEYS}, endpoint: new URL(env.FUNCTION_ENDPOINT).host, protocol: 'http' })`,
  '@alicloud/sts20150401': `new STS({ ${KEYS}, endpoint: new URL(env.STS_ENDPOINT).host, protocol: 'http' })`,
};

/** A line for SDKs for Python; not run here. */
const PYTHON_LINES: Readonly<Record<string, string>> = {
  mns: "Account(os.environ['SMQ_ENDPOINT'], os.environ['ALIBABA_CLOUD_ACCESS_KEY_ID'], os.environ['ALIBABA_CLOUD_ACCESS_KEY_SECRET'])",
  oss2: "oss2.Bucket(oss2.ProviderAuthV4(EnvironmentVariableCredentialsProvider()), os.environ['OSS_ENDPOINT'], 'NAME', region=os.environ['ALIBABA_CLOUD_REGION_ID'])",
};

/** Returns all of it as shell comments. */
export function sdkNotes(): string {
  const code = Object.entries({ ...SDK_LINES, ...PYTHON_LINES });
  const width = Math.max(...code.map(([name]) => name.length));
  return [...SDK_NOTES, ...code.map(([name, line]) => `  ${name.padEnd(width)}  ${line}`)]
    .map((line) => `# ${line}`)
    .join('\n');
}
