import { percentDecodeOrKeep } from '../../percent.ts';
import { type ApiVersion, FcError } from '../errors.ts';

/** What a path of the invocation API names. */
export interface ApiRoute {
  version: ApiVersion;
  /** 2.0 only. A function is found here by its name alone; the service matters for permissions. */
  service?: string;
  functionName: string;
  /** Default LATEST. */
  qualifier: string;
}

export function isApi(path: string): boolean {
  return versionOf(path) !== undefined;
}

export function versionOf(path: string): ApiVersion | undefined {
  const [, version] = /^\/(2023-03-30|2016-08-15)(?:\/|$)/.exec(path) ?? [];
  return version as ApiVersion | undefined;
}

/** Parses a path of the API. Throws NotImplemented for anything but an invocation. */
export function apiRoute(method: string, path: string, query: URLSearchParams): ApiRoute {
  const [, name3] = /^\/2023-03-30\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
  const [, service2, name2] =
    /^\/2016-08-15\/services\/([^/]+)\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
  if (method !== 'POST' || (name3 ?? name2) === undefined)
    throw new FcError(
      'NotImplemented',
      `${method} ${path} is not implemented here: POST to …/functions/<name>/invocations is`,
    );
  if (name3 !== undefined)
    return {
      version: '2023-03-30',
      functionName: percentDecodeOrKeep(name3),
      qualifier: query.get('qualifier') || 'LATEST',
    };
  const [service = '', qualifier = ''] = percentDecodeOrKeep(service2 ?? '').split('.');
  return {
    version: '2016-08-15',
    service,
    functionName: percentDecodeOrKeep(name2 ?? ''),
    qualifier: qualifier || 'LATEST',
  };
}

/** Returns the ARN that a policy must allow. */
export function functionArn(route: Omit<ApiRoute, 'version'>, place: string): string {
  const { service, functionName, qualifier } = route;
  if (service === undefined) return `acs:fc:${place}:functions/${functionName}`;
  const qualified = qualifier === 'LATEST' ? service : `${service}.${qualifier}`;
  return `acs:fc:${place}:services/${qualified}/functions/${functionName}`;
}
