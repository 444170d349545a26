import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { startConsole } from '#src/console/server';
import { FaultSwitch } from '#src/fault-switch';
import type { FunctionSpec, RoleSpec } from '#src/project/types';
import { RequestLog } from '#src/requests/request-log';
import { ACCOUNT, REGION, startWithServices } from '#test/fc/services';
import { type Asked, type Exchanged, exchange } from '../exchange.ts';

export type Shown = Exchanged;

/**
 * Starts a console of two queues (`orders`, `dead`), a topic (`news`), a bucket (`photos`) and the
 * functions that are deployed to it.
 */
export async function startTestConsole(roles: RoleSpec[] = []) {
  const services = await startWithServices(roles);
  const { clock, smq, oss, identities, runtime } = services;
  const requests = new RequestLog();
  const functions: FunctionSpec[] = [];
  const environment = {
    SMQ_ENDPOINT: 'http://127.0.0.1:6801',
    OSS_ENDPOINT: 'http://127.0.0.1:6802',
  };
  const faults = new FaultSwitch();
  const place = { clock, accountId: ACCOUNT, region: REGION, environment };
  const { port, url, close } = await startConsole({
    account: {
      ...place,
      smq,
      oss,
      identities,
      requests,
      fc: runtime,
      functions,
      leftOut: [],
      accessKeyId: 'owner-id',
      faults,
    },
    host: '127.0.0.1',
    port: 0,
  });
  onTestFinished(close);

  const get = (path: string, headers: Record<string, string> = {}): Promise<Shown> =>
    ask(port, { method: 'GET', path, headers });
  const post = (
    path: string,
    form: Record<string, string> | [string, string][] = {},
    headers: Record<string, string> = { origin: url },
  ): Promise<Shown> =>
    ask(port, { method: 'POST', path, headers, body: String(new URLSearchParams(form)) });
  return {
    ...services,
    faults,
    port,
    url,
    requests,
    get,
    post,
    /** Sends a form and shows the page that it leads to. */
    submit: async (path: string, form?: Record<string, string> | [string, string][]) => {
      const { status, headers, text } = await post(path, form);
      if (status !== 303) throw new Error(`${status} instead of 303: ${text}`);
      return get(headers.location ?? '');
    },
    add: async (fn: FunctionSpec) => {
      await runtime.deploy(fn);
      functions.push(fn);
    },
    deploy: async (code: string, spec: Partial<FunctionSpec> = {}) => {
      const fn = await services.deploy(code, spec);
      functions.push(fn);
      return fn;
    },
    store: (key: string, body: string | Buffer, headers: Record<string, string> = {}) =>
      oss.objects.put(
        { bucket: 'photos', key },
        Readable.from([Buffer.from(body)]),
        { properties: { headers, meta: {}, acl: 'default', storageClass: 'Standard', tags: [] } },
        { requestId: 'R1' },
      ),
  };
}

/** Returns the page's text as a reader sees it, with tags removed and entities resolved. */
export function seen({ text }: Shown): string {
  return resolved(text.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
}

/** Returns the target of the first link with that text. */
export function linkOf({ text }: Shown, name: string): string {
  for (const [, href = '', content = ''] of text.matchAll(/<a href="([^"]*)">(.*?)<\/a>/gs))
    if (resolved(content.replace(/<[^>]*>/g, '')) === name) return resolved(href);
  throw new Error(`No link "${name}" in ${text}`);
}

function resolved(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

function ask(port: number, { body = '', ...asked }: Asked): Promise<Shown> {
  const type = body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return exchange(port, { ...asked, body, headers: { ...type, ...length, ...asked.headers } });
}
