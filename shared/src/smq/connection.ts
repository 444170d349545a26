import { CredentialScope, currentCredentials } from '../auth/credential-scope.ts';
import type { Credentials, CredentialsProvider } from '../auth/credentials.ts';
import { ConfigurationError, type ServiceError } from '../errors/errors.ts';
import { type Network, smqEndpoint } from '../net/endpoints.ts';
import type { Item } from './answer.ts';
import { itemError, type Operation, smqError, unexpectedAnswer } from './errors.ts';
import { MAX_WAIT_SECONDS } from './limits.ts';
import { sdk } from './sdk.ts';

type Client = InstanceType<Awaited<ReturnType<typeof sdk>>>;

/** Milliseconds an answer may take, in addition to the seconds that a poll waits. */
const TIMEOUT_MS = 10_000;

export interface ConnectionOptions {
  accountId: string;
  /** Such as `cn-hangzhou`. */
  region: string;
  /** A provider is asked before each request. */
  credentials: Credentials | CredentialsProvider;
  network?: Network;
  env?: NodeJS.ProcessEnv;
}

export interface Call {
  /** The API's name: `SendMessage`. */
  name: string;
  /** What the operation works on, for errors: `queue "orders"`. */
  target: string;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path and query, encoded. */
  path: string;
  /** Statuses that this operation succeeds with; any other is an error. */
  statuses: readonly number[];
  /** Root element of the answer; absent if there is no body. */
  root?: string;
  /** The error code that only says there is nothing: its answer counts as an empty root. */
  empty?: string;
  body?: Buffer;
  headers?: Record<string, string>;
  /** Seconds the service may hold the request; `'queue'` for as long as the queue's attributes say. */
  waitSeconds?: number | 'queue';
}

export interface Answer {
  status: number;
  /**
   * Parses the root element's children (none if no body was expected). What `parse` throws becomes a
   * ServiceError that names this request.
   */
  read<Value>(parse: (body: Item) => Value): Value;
  /** Makes the error of one item in this answer. */
  itemError(code: string, message: string | undefined): ServiceError;
}

/**
 * Sends requests through the SDK, which signs them, and adds what it lacks: every answer is the expected
 * one or a ServiceError; timeouts are longer than the wait; a request that met a kept connection already
 * dead is sent once more on a new one. That includes sends: such a request has most likely never arrived,
 * and if it has, a duplicate is better than a loss (SMQ is at-least-once anyway). Any other failure is left
 * to the caller, with `retryable` set.
 */
export class Connection {
  readonly accountId: string;
  readonly region: string;
  /** Scheme and host, without a trailing slash. */
  readonly endpoint: string;
  readonly #credentials: ConnectionOptions['credentials'];
  readonly #clients = new CredentialScope<Client>();

  constructor(options: ConnectionOptions) {
    const { accountId, region, credentials } = options;
    if (!accountId || !region)
      throw new ConfigurationError(`SMQ client has no ${accountId ? 'region' : 'accountId'}`, {
        code: 'MissingLocation',
        remedy: 'pass both: they make the address',
      });
    this.accountId = accountId;
    this.region = region;
    this.endpoint = smqEndpoint(options);
    this.#credentials = credentials;
  }

  async call(call: Call): Promise<Answer> {
    const client = await this.#client();
    const operation = this.#operation(call);
    try {
      return await this.#send(client, call, operation);
    } catch (error) {
      return nothing(call, smqError(error, operation));
    }
  }

  async #send(client: Client, call: Call, operation: Operation): Promise<Answer> {
    const { method, path, root = '', body = '', headers, waitSeconds = 0, statuses } = call;
    const wait = waitSeconds === 'queue' ? MAX_WAIT_SECONDS : waitSeconds;
    const answer = await client.request(method, path, root, body, [], {
      ...(headers && { headers }),
      readTimeout: wait * 1000 + TIMEOUT_MS,
    });
    const { head } = answer;
    const wantsBody = root !== '' && answer.code !== 204;
    if (!statuses.includes(answer.code) || (wantsBody && !answer.body))
      throw unexpectedAnswer(operation, head);
    const content = answer.body ?? {};
    return {
      status: answer.code,
      read: (parse) => {
        try {
          return parse(content);
        } catch (error) {
          throw smqError(error, operation, head);
        }
      },
      itemError: (code, message) => itemError(operation, head, { code, message }),
    };
  }

  async #client(): Promise<Client> {
    const [Client, credentials] = await Promise.all([sdk(), currentCredentials(this.#credentials)]);
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    const { accountId, endpoint } = this;
    return this.#clients.get(
      credentials,
      '',
      () => new Client(accountId, { accessKeyId, accessKeySecret, securityToken, endpoint }),
    );
  }

  #operation({ name, target, path }: Call): Operation {
    const single = name.replace(/^Batch/, '');
    const actions = single === name ? `mns:${name}` : `mns:${single} and mns:${name}`;
    const resource = `acs:mns:${this.region}:${this.accountId}:${path.replace(/\?.*/, '')}`;
    return { name, target, permission: `${actions} on ${resource}` };
  }
}

/** Returns an empty answer if the error only says that there is nothing; else throws it. */
function nothing({ empty }: Call, error: ServiceError): Answer {
  if (empty === undefined || error.code !== empty) throw error;
  return { status: 404, read: (parse) => parse({}), itemError: () => error };
}
