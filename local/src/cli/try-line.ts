import type { FunctionSpec, HttpTriggerSpec, TriggerSpec } from '../project/types.ts';

/** Returns how a function is reached: the address of its HTTP trigger, or its trigger's source. */
export function reachedBy(fn: FunctionSpec, url: string | undefined): string {
  const names = fn.triggers.flatMap((trigger) => (trigger.type === 'http' ? [] : [shown(trigger)]));
  return [...(url === undefined ? [] : [url]), ...names].join(', ') || 'no trigger';
}

/**
 * Returns a shell line that runs the function once. `fcUrl` is the address of the functions, when
 * commands do not find it by themselves.
 */
export function tryLine(fn: FunctionSpec, url: string | undefined, fcUrl?: string): string {
  const at = fcUrl === undefined ? '' : ` --endpoint ${fcUrl}`;
  const invoke = `npx fc-local invoke ${fn.resource}`;
  const piped = (event: string) => `npx fc-local event ${event} | ${invoke} --event -${at}`;
  const [trigger] = fn.triggers;
  const http = fn.triggers.find((one): one is HttpTriggerSpec => one.type === 'http');
  if (http && url !== undefined)
    return http.authType === 'function'
      ? piped(`http --set method=${methodOf(http)}`)
      : curl(http, url);
  if (!trigger) return `${invoke}${at}`;
  switch (trigger.type) {
    case 'http':
      return piped('http');
    case 'timer':
      return piped(
        `timer${trigger.payload ? ` --set ${quoted(`payload=${trigger.payload}`)}` : ''}`,
      );
    case 'oss': {
      const key = `${trigger.prefix}sample${trigger.suffix}`;
      return piped(`oss --set bucket=${trigger.bucket} --set ${quoted(`key=${key}`)}`);
    }
    case 'mns_topic':
      return piped(`mns-topic --set topic=${trigger.topic} --set format=${trigger.format}`);
    case 'eventbridge':
      return piped(`mns-queue --set queue=${trigger.queue} --set schema=${trigger.schema}`);
  }
}

function curl(http: HttpTriggerSpec, url: string): string {
  const method = methodOf(http);
  const token = http.authType === 'jwt' ? ' -H "Authorization: Bearer $TOKEN"' : '';
  const sends = ['POST', 'PUT', 'PATCH'].includes(method);
  const what = method === 'GET' ? '' : ` -X ${method}${sends ? " -d '{}'" : ''}`;
  return `curl${what}${token} ${url}`;
}

function methodOf({ methods }: HttpTriggerSpec): string {
  return methods.includes('GET') ? 'GET' : (methods[0] ?? 'GET');
}

function shown(trigger: Exclude<TriggerSpec, { type: 'http' }>): string {
  switch (trigger.type) {
    case 'timer':
      return `timer ${trigger.cronExpression}${trigger.enable ? '' : ' (not enabled)'}`;
    case 'oss':
      return `bucket ${trigger.bucket}`;
    case 'mns_topic':
      return `topic ${trigger.topic}`;
    case 'eventbridge':
      return `queue ${trigger.queue}`;
  }
}

function quoted(text: string): string {
  return /^[\w=./:@-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
