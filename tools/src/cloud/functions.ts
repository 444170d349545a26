import { hasCode } from 'fc-kit/handler';
import { callOpenApi } from 'fc-kit/openapi';
import type { Account } from './account.ts';
import { functionEndpoint } from './endpoints.ts';

/** The API version of the official SDK `@alicloud/fc20230330`. */
const VERSION = '2023-03-30';
const PAGE = 100;

/** A function, a trigger, or another object of the API's answers, with the API's names. */
export type Described = Record<string, unknown>;

const REMEDIES = {
  AccessDenied: 'grant the fc action that the message names to the caller',
  ConcurrentUpdateError: 'wait until the other change is done, and run this again',
};

/**
 * Reads functions from Function Compute's 3.0 API, and deletes them. Each method rejects with a
 * ServiceError when FC refuses, fails or does not answer. What does not exist is `undefined` or an empty
 * list, and its deletion succeeds.
 */
export class Functions {
  readonly #account: Account;
  readonly #endpoint: string;

  constructor(account: Account) {
    this.#account = account;
    this.#endpoint = functionEndpoint(account);
  }

  /** Calls GetFunction. */
  get(name: string): Promise<Described | undefined> {
    return this.#get('GetFunction', `/functions/${name}`, 'FunctionNotFound');
  }

  /** Calls ListTriggers for all pages. */
  async triggers(name: string): Promise<Described[]> {
    const found: Described[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#get(
        'ListTriggers',
        `/functions/${name}/triggers`,
        'FunctionNotFound',
        { limit: PAGE, nextToken },
      );
      found.push(...((page?.triggers ?? []) as Described[]));
      nextToken = (page?.nextToken as string | undefined) || undefined;
    } while (nextToken !== undefined);
    return found;
  }

  /** Calls GetAsyncInvokeConfig. */
  asyncConfig(name: string): Promise<Described | undefined> {
    return this.#get(
      'GetAsyncInvokeConfig',
      `/functions/${name}/async-invoke-config`,
      'AsyncConfigNotExists',
    );
  }

  /** Returns what belongs to a function: its triggers, and its asyncConfig if `props` declare one. */
  async around(name: string, props: Described) {
    const triggers = await this.triggers(name);
    const { asyncInvokeConfig } = props;
    return asyncInvokeConfig
      ? { triggers, asyncConfig: await this.asyncConfig(name) }
      : { triggers };
  }

  /** Calls DeleteTrigger. */
  deleteTrigger(name: string, trigger: string): Promise<void> {
    return this.#delete('DeleteTrigger', `/functions/${name}/triggers/${trigger}`);
  }

  /** Calls DeleteFunction. */
  deleteFunction(name: string): Promise<void> {
    return this.#delete('DeleteFunction', `/functions/${name}`);
  }

  async #get(
    action: string,
    path: string,
    missing: string,
    parameters: Record<string, string | number | undefined> = {},
  ): Promise<Described | undefined> {
    try {
      return await this.#call(action, 'GET', path, parameters);
    } catch (error) {
      if (hasCode(error, missing) || hasCode(error, 'FunctionNotFound')) return undefined;
      throw error;
    }
  }

  async #delete(action: string, path: string): Promise<void> {
    try {
      await this.#call(action, 'DELETE', path, {});
    } catch (error) {
      if (hasCode(error, 'FunctionNotFound') || hasCode(error, 'TriggerNotFound')) return;
      throw error;
    }
  }

  async #call(
    action: string,
    method: 'GET' | 'DELETE',
    path: string,
    parameters: Record<string, string | number | undefined>,
  ): Promise<Described> {
    return callOpenApi({
      service: 'fc',
      endpoint: this.#endpoint,
      version: VERSION,
      action,
      resource: { method, path: `/${VERSION}${path}` },
      parameters,
      credentials: await this.#account.credentials.getCredentials(),
      remedies: REMEDIES,
    });
  }
}
