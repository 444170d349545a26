import { urlOf } from '../http/listen.ts';
import { DEFAULTS, type LocalCloudOptions } from '../options.ts';
import { UsageError } from './errors.ts';

/**
 * Returns shell lines that make SDKs and tools use the local cloud. Throws UsageError for a port of
 * 0, which is chosen only at the start.
 */
export function exportLines(options: LocalCloudOptions): string {
  const all = { ...DEFAULTS, ...options };
  const url = (name: string, port: number) => {
    if (port === 0)
      throw new UsageError(`env cannot name a port that is chosen at the start; give --${name}`);
    return urlOf(all.host, port);
  };
  const variables = {
    SMQ_ENDPOINT: url('smq-port', all.smqPort),
    OSS_ENDPOINT: url('oss-port', all.ossPort),
    STS_ENDPOINT: url('openapi-port', all.openapiPort),
    MPAAS_ENDPOINT: url('openapi-port', all.openapiPort),
    FUNCTION_ENDPOINT: url('fc-port', all.fcPort),
    ALIBABA_CLOUD_ACCESS_KEY_ID: all.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: all.accessKeySecret,
    OSS_ACCESS_KEY_ID: all.accessKeyId,
    OSS_ACCESS_KEY_SECRET: all.accessKeySecret,
    ALIBABA_CLOUD_ACCOUNT_ID: all.accountId,
    ALIBABA_CLOUD_REGION_ID: all.region,
  };
  return exported(variables);
}

/** Returns the lines that set these variables in a shell. */
export function exported(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join('\n');
}
