import type { LocalCloud } from '../local-cloud.ts';
import { DEFAULTS, type LocalCloudOptions } from '../options.ts';
import { sentenceOfLeftOut } from '../project/left-out.ts';
import type { CreatedResource, LeftOut } from '../project/types.ts';
import { reachedBy, tryLine } from './try-line.ts';

/** The addresses of a running local cloud, and what runs in it. */
export interface Addresses {
  smq: string;
  oss: string;
  openapi: string;
  /** Address of the functions; absent when they were left out. */
  fc?: string;
  /** Address of the page that shows the account's contents. */
  console?: string;
  /** HTTP trigger of each function that has one. */
  functions: Record<string, string>;
  /** For each function that runs: what triggers it, and a shell line that runs it once. */
  runs: { function: string; reachedBy: string; tryIt: string }[];
  /** Functions and triggers that cannot run here. */
  leftOut: LeftOut[];
  /** Resources that no template declares. */
  created: CreatedResource[];
  accountId: string;
  region: string;
  accessKeyId: string;
  /** Folder of messages and objects; absent: in memory. */
  data?: string;
}

export function addresses(cloud: LocalCloud, { accessKeyId, data }: LocalCloudOptions): Addresses {
  const { fc, project } = cloud;
  const functions = fc ? (project?.functions ?? []) : [];
  const reached = functions.map((fn) => ({ fn, url: fc?.httpTriggerUrl(fn.resource) }));
  // Commands find a cloud by its data folder, and one without by the default address.
  const usual = data !== undefined || fc?.port === DEFAULTS.fcPort;
  return {
    smq: cloud.smq.url,
    oss: cloud.oss.url,
    openapi: cloud.openapi.url,
    ...(fc && { fc: fc.url }),
    ...(cloud.console && { console: cloud.console.url }),
    functions: Object.fromEntries(
      reached.flatMap(({ fn, url }) => (url === undefined ? [] : [[fn.resource, url]])),
    ),
    runs: reached.map(({ fn, url }) => ({
      function: fn.resource,
      reachedBy: reachedBy(fn, url),
      tryIt: tryLine(fn, url, usual ? undefined : fc?.url),
    })),
    leftOut: [...(project?.leftOut ?? [])],
    created: [...(project?.created ?? [])],
    accountId: cloud.accountId,
    region: cloud.region,
    accessKeyId: accessKeyId ?? DEFAULTS.accessKeyId,
    ...(data !== undefined && { data }),
  };
}

/** Returns a line that says where and when a debugger is attached to a function. */
export function debuggerLine(inspect: NonNullable<LocalCloudOptions['inspect']>): string {
  const { functionName, port, waits = false } = inspect;
  return `${functionName}: its first request opens 127.0.0.1:${port} for a debugger (chrome://inspect, or an editor's "attach")${
    waits ? ' and waits until one is attached' : ''
  }`;
}

/** Formats the addresses for a person; the last line says that the cloud is ready. */
export function formatAddresses(ready: Addresses): string {
  const rows: [string, string][] = [
    ['SMQ', ready.smq],
    ['OSS', ready.oss],
    ['STS, OpenAPI', ready.openapi],
    ...(ready.fc ? [['functions', ready.fc] satisfies [string, string]] : []),
    ['account', `${ready.accountId}, ${ready.region}, key ${ready.accessKeyId}`],
    ['data', ready.data ?? 'in memory'],
    ...(ready.console ? [['console', ready.console] satisfies [string, string]] : []),
    ...ready.runs.flatMap((one): [string, string][] => [
      [one.function, one.reachedBy],
      ['', one.tryIt],
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...ready.leftOut.map((one) => `not run: ${sentenceOfLeftOut(one)}`),
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    'ready',
  ].join('\n');
}
