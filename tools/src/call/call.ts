import { CommandError } from '../command-line/command-error.ts';
import type { Session } from '../command-line/io.ts';
import { httpTriggerOf } from '../deploy/deployed-trigger.ts';
import { type Deployment, openDeployment, requireFunctions } from '../deploy/open.ts';
import { functionsIn } from '../deploy-tool/preview.ts';
import { signedHeaders } from './sign.ts';

export interface CallOptions {
  env?: string;
  access?: string;
  url?: string;
  method?: string | undefined;
  /** Path after the trigger's address, with the query. */
  path: string;
  body?: string | Buffer | undefined;
  /** Headers by lower-case name. */
  headers: Record<string, string>;
  /** Seconds. */
  timeout: number;
}

export interface CallAnswer {
  status: number;
  requestId: string;
  body: string;
}

/**
 * Calls a function by its HTTP trigger, signed if the trigger requires that or its address was given.
 * Throws CommandError for a trigger that requires a token it is not given, and when there is no answer.
 */
export async function callFunction(
  name: string,
  options: CallOptions,
  session: Pick<Session, 'project' | 'env'>,
): Promise<CallAnswer> {
  const deployment = await openDeployment(options, session);
  requireFunctions(deployment.preview, [name]);
  const trigger = options.url
    ? { url: options.url, authType: 'function', methods: declaredMethods(deployment, name) }
    : await httpTriggerOf(name, deployment);
  const url = new URL(options.path.replace(/^\//, ''), trigger.url.replace(/\/?$/, '/'));
  const [first = 'GET'] = trigger.methods;
  const method = (options.method ?? (options.body === undefined ? first : 'POST')).toUpperCase();
  if (trigger.authType === 'jwt' && !options.headers.authorization)
    throw new CommandError(
      `The HTTP trigger of ${name} requires a token (jwt): give it, such as --header "Authorization: Bearer …"`,
    );
  const signed = trigger.authType === 'function' ? await signature(method, url, deployment) : {};
  const response = await fetch(url, {
    method,
    headers: {
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
      ...signed,
    },
    ...(options.body !== undefined && { body: options.body }),
    redirect: 'manual',
    signal: AbortSignal.timeout(options.timeout * 1000),
  }).catch((cause: Error) => {
    const reason = (cause.cause as Error | undefined)?.message ?? cause.message;
    throw new CommandError(`${url.origin} does not answer (${reason}): check the address`, {
      cause,
    });
  });
  return {
    status: response.status,
    requestId: response.headers.get('x-fc-request-id') ?? 'unknown',
    body: await response.text(),
  };
}

function declaredMethods({ preview }: Deployment, name: string): string[] {
  const triggers = functionsIn(preview)[name]?.props.triggers;
  const http = (Array.isArray(triggers) ? triggers : []).find((one) => one.triggerType === 'http');
  const { methods } = Object(http?.triggerConfig);
  return Array.isArray(methods) ? methods.map(String) : [];
}

async function signature(method: string, url: URL, { account }: Deployment) {
  return signedHeaders(method, url, await account.credentials.getCredentials());
}
