import { contextCredentials, contextLocation } from '../auth/context-credentials.ts';
import { currentCredentials } from '../auth/credential-scope.ts';
import type { Credentials, CredentialsProvider } from '../auth/credentials.ts';
import type { FunctionContext } from '../context/function-context.ts';
import { InvalidInputError } from '../errors/errors.ts';
import { rememberSecrets } from '../log/redact.ts';
import { functionEndpoint, type Network } from '../net/endpoints.ts';
import { AnswerBudget } from './answer-budget.ts';
import type { Call, FunctionAnswer } from './call.ts';
import { functionFailed } from './errors.ts';
import { invokeV2 } from './invoke-v2.ts';
import { invokeV3 } from './invoke-v3.ts';
import { parseFunctionName } from './name.ts';

export interface FunctionClientOptions {
  accountId: string;
  /** Such as `cn-hangzhou`. */
  region: string;
  /** A provider is asked before each call. */
  credentials: Credentials | CredentialsProvider;
  network?: Network;
  env?: NodeJS.ProcessEnv;
}

export interface InvokeOptions {
  /**
   * `async`: FC takes the event and answers at once; it runs the function later, again after a failure.
   * Default `sync`.
   */
  type?: 'sync' | 'async';
  /** Version or alias; default LATEST. */
  qualifier?: string;
  /** Limit of the whole call, in milliseconds; default 60,000. */
  timeoutMs?: number;
  /**
   * Maximum bytes of the answer; default 32 MiB, which is all that FC lets a function return. A larger one
   * is a ServiceError (`AnswerTooLarge`), although the function has run.
   */
  maxAnswerBytes?: number;
}

const MEBIBYTE = 1024 * 1024;
/** Maximum bytes of an event: FC's limits. */
const MAX_EVENT_BYTES = { sync: 32 * MEBIBYTE, async: MEBIBYTE / 8 };
/** Maximum bytes of an answer: FC's limit. */
export const MAX_ANSWER_BYTES = 32 * MEBIBYTE;
export const TIMEOUT_MS = 60_000;

/** Makes a client with this invocation's credential. Throws a CredentialsError that names what the context lacks. */
export function functionClient(context: FunctionContext): FunctionClient {
  return new FunctionClient({
    ...contextLocation(context),
    credentials: contextCredentials(context),
  });
}

/**
 * Calls functions of one account in one region: FC 3.0 functions by `name`, through the 3.0 API; FC 2.0
 * functions by `service/name`, signed by `@alicloud/fc2`, which is loaded on the first such call.
 */
export class FunctionClient {
  readonly #options: FunctionClientOptions;
  readonly #endpoint: string;

  constructor(options: FunctionClientOptions) {
    this.#options = options;
    this.#endpoint = functionEndpoint(options);
  }

  /**
   * Calls a function. A Buffer is sent unchanged, a string as UTF-8, any other event as JSON. Rejects with
   * a ServiceError: with the service's own code when FC refuses, and with FC's name of the error
   * (`HandledInvocationError`, `UnhandledInvocationError`, …) when the function itself fails, which FC
   * answers with 200.
   */
  async invoke(name: string, event: unknown, options: InvokeOptions = {}): Promise<FunctionAnswer> {
    const budget = new AnswerBudget(options.maxAnswerBytes ?? MAX_ANSWER_BYTES);
    return this.invokeWithin(budget, name, event, options);
  }

  /** Calls a function as `invoke` does, with a budget that several answers share. */
  async invokeWithin(
    budget: AnswerBudget,
    name: string,
    event: unknown,
    { type = 'sync', qualifier, timeoutMs = TIMEOUT_MS }: InvokeOptions = {},
  ): Promise<FunctionAnswer> {
    const { accountId, region } = this.#options;
    const fn = parseFunctionName(name);
    const credentials = await currentCredentials(this.#options.credentials);
    rememberSecrets(credentials.accessKeySecret, credentials.securityToken);
    const call: Call = {
      target: `InvokeFunction on "${name}"`,
      accountId,
      region,
      endpoint: this.#endpoint,
      credentials,
      event: checkedEvent(toBytes(event), type),
      type: type === 'async' ? 'Async' : 'Sync',
      qualifier,
      timeoutMs,
      budget,
    };
    const { service } = fn;
    const { errorType, failure, ...answer } =
      service === undefined
        ? await invokeV3(fn.name, call)
        : await invokeV2(service, fn.name, call);
    if (errorType === undefined) return answer;
    const { requestId } = answer;
    throw functionFailed(call.target, errorType, { requestId, body: failure });
  }
}

function toBytes(event: unknown): Buffer {
  if (Buffer.isBuffer(event)) return event;
  return Buffer.from(typeof event === 'string' ? event : (JSON.stringify(event) ?? ''));
}

function checkedEvent(event: Buffer, type: 'sync' | 'async'): Buffer {
  const limit = MAX_EVENT_BYTES[type];
  if (event.length <= limit) return event;
  throw new InvalidInputError(
    `Event of ${event.length} bytes is over the limit of ${limit} for ${type} calls`,
    { code: 'PayloadTooLarge', status: 413, remedy: 'put it into OSS and send its key' },
  );
}
