import type { LocalCloud } from '../local-cloud.ts';
import { DEFAULTS, type LocalCloudOptions } from '../options.ts';

/** Where a running local cloud is to be found. */
export interface Addresses {
  smq: string;
  oss: string;
  openapi: string;
  /** Address of the functions; absent when they were left out. */
  fc?: string;
  /** Address of the page that shows what the account holds. */
  console?: string;
  /** HTTP trigger of each function that has one. */
  functions: Record<string, string>;
  accountId: string;
  region: string;
  accessKeyId: string;
  /** Folder of messages and objects; absent: in memory. */
  data?: string;
}

export function addresses(cloud: LocalCloud, { accessKeyId, data }: LocalCloudOptions): Addresses {
  const triggers = (cloud.project?.functions ?? []).flatMap(({ resource }) => {
    const url = cloud.fc?.httpTriggerUrl(resource);
    return url ? [[resource, url]] : [];
  });
  return {
    smq: cloud.smq.url,
    oss: cloud.oss.url,
    openapi: cloud.openapi.url,
    ...(cloud.fc && { fc: cloud.fc.url }),
    ...(cloud.console && { console: cloud.console.url }),
    functions: Object.fromEntries(triggers),
    accountId: cloud.accountId,
    region: cloud.region,
    accessKeyId: accessKeyId ?? DEFAULTS.accessKeyId,
    ...(data !== undefined && { data }),
  };
}

/** The same for a person; the last line says that it is ready. */
export function formatAddresses(ready: Addresses): string {
  const rows: [string, string][] = [
    ['SMQ', ready.smq],
    ['OSS', ready.oss],
    ['STS, OpenAPI', ready.openapi],
    ...Object.entries(ready.functions),
    ['account', `${ready.accountId}, ${ready.region}, key ${ready.accessKeyId}`],
    ['data', ready.data ?? 'in memory'],
    ...(ready.console ? [['console', ready.console] satisfies [string, string]] : []),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`), 'ready'].join('\n');
}
