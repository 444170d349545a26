import type { Clock } from '../clock.ts';
import type { FaultSwitch } from '../fault-switch.ts';
import type { FcRuntime } from '../fc/runtime.ts';
import type { Identities } from '../identities/identities.ts';
import type { OssService } from '../oss/service.ts';
import { sentenceOfLeftOut } from '../project/left-out.ts';
import type { FunctionSpec, LeftOut } from '../project/types.ts';
import type { RequestLog } from '../requests/request-log.ts';
import type { SmqService } from '../smq/core/service.ts';
import { ConsoleError } from './errors.ts';

/** The account as the console shows and changes it: the services' own cores. */
export interface Account {
  clock: Clock;
  accountId: string;
  region: string;
  smq: SmqService;
  oss: OssService;
  identities: Identities;
  /** The last requests to the services, from any program. */
  requests: RequestLog;
  /** The functions that s.yaml declares. */
  functions: readonly FunctionSpec[];
  /** Functions and triggers that cannot run here, with the reasons. */
  leftOut?: readonly LeftOut[];
  /** Absent when the functions were left out. */
  fc: FcRuntime | undefined;
  /** Variables that every function has besides its own: the addresses of the services. */
  environment: Readonly<Record<string, string>>;
  /** Access key id of the RAM user who signs URLs; absent: none are signed. */
  accessKeyId?: string;
  /** Absent: faults cannot be turned on or off. */
  faults?: FaultSwitch;
}

/** Returns a running function, by its name or its key in s.yaml, and its runtime. Throws a 404. */
export function deployed(
  { functions, fc, leftOut = [] }: Account,
  name: string,
): { fn: FunctionSpec; fc: FcRuntime } {
  const fn = functions.find((one) => one.name === name || one.resource === name);
  if (fn && fc) return { fn, fc };
  const left = leftOut.find(
    ({ what, resource }) => what.startsWith('Function') && resource === name,
  );
  const why = left ? `: ${sentenceOfLeftOut(left)}` : '';
  throw new ConsoleError(404, `No function "${name}" runs here${why}`);
}

/** Returns all pages of a listing by name. */
export function all<T>(page: (marker: string | undefined) => { items: T[]; nextMarker?: string }) {
  const items: T[] = [];
  let marker: string | undefined;
  do {
    const next = page(marker);
    items.push(...next.items);
    marker = next.nextMarker;
  } while (marker !== undefined);
  return items;
}
