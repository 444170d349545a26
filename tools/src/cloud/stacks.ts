import { hasCode } from 'fc-kit/handler';
import { callOpenApi, type OpenApiCall } from 'fc-kit/openapi';
import type { Account } from './account.ts';
import { rosEndpoint } from './endpoints.ts';

const VERSION = '2019-09-10';
const PAGE = 50;

/** Minutes that ROS may take for one creation or update; after that it fails and rolls back. */
const TIMEOUT_MINUTES = 30;

/** A stack as GetStack describes it. */
export interface Stack {
  id: string;
  name: string;
  /** `CREATE_COMPLETE`, `DELETE_FAILED`, … */
  status: string;
  reason: string;
  outputs: Record<string, string>;
}

/** A resource of a stack, as ListStackResources describes it. */
export interface StackResource {
  /** Its name in the template. */
  logicalId: string;
  /** Its name in the cloud; empty while there is none. */
  physicalId: string;
  /** `ALIYUN::OSS::Bucket`. */
  type: string;
  status: string;
  reason: string;
}

/** The template of a stack and its parameters. */
export interface StackTemplate {
  template: string;
  parameters: Readonly<Record<string, string>>;
}

type Fields = Record<string, unknown>;

const REMEDIES = {
  NoPermission: 'grant the ros action to the caller, and what the stack makes',
  'Forbidden.RAM': 'grant the ros action to the caller, and what the stack makes',
  StackValidationFailed: 'correct the template or its parameters',
  ActionInProgress: 'wait until the other change of the stack is done, and run this again',
};

/**
 * The account's stacks in one region (ROS, 2019-09-10). Each method rejects with a ServiceError when ROS
 * refuses, fails or does not answer.
 */
export class Stacks {
  readonly #account: Account;
  readonly #endpoint: string;

  constructor(account: Account) {
    this.#account = account;
    this.#endpoint = rosEndpoint(account);
  }

  /** Returns the stack of that name, which is unique among those that are not deleted. */
  async find(name: string): Promise<Stack | undefined> {
    const { Stacks: found } = await this.#call('ListStacks', {
      'StackName.1': name,
      PageNumber: 1,
      PageSize: PAGE,
    });
    // A deleted stack stays on the list for a while.
    const live = objects(found).find(
      (one) => one.StackName === name && one.Status !== 'DELETE_COMPLETE',
    );
    return live && this.get(text(live.StackId));
  }

  /** Returns the stack with that id; undefined once ROS has forgotten it. */
  async get(id: string): Promise<Stack | undefined> {
    try {
      const stack = await this.#call('GetStack', { StackId: id });
      return {
        id,
        name: text(stack.StackName),
        status: text(stack.Status),
        reason: text(stack.StatusReason),
        outputs: Object.fromEntries(
          objects(stack.Outputs).map((one) => [text(one.OutputKey), asText(one.OutputValue)]),
        ),
      };
    } catch (error) {
      if (hasCode(error, 'StackNotFound')) return undefined;
      throw error;
    }
  }

  /** Calls CreateStack and resolves to the id. ROS continues the creation, and rolls back when it fails. */
  async create(name: string, what: StackTemplate): Promise<string> {
    const { StackId } = await this.#call('CreateStack', {
      StackName: name,
      TimeoutInMinutes: TIMEOUT_MINUTES,
      ...templateParameters(what),
    });
    return text(StackId);
  }

  /** Calls UpdateStack. Resolves to false if template and parameters are unchanged. */
  async update(id: string, what: StackTemplate): Promise<boolean> {
    try {
      await this.#call('UpdateStack', {
        StackId: id,
        TimeoutInMinutes: TIMEOUT_MINUTES,
        ...templateParameters(what),
      });
      return true;
    } catch (error) {
      if (hasCode(error, 'NotSupported') && /completely same stack/.test(error.message))
        return false;
      throw error;
    }
  }

  /**
   * Calls PreviewStack for an existing stack: returns what an update would do to each resource, `Add`,
   * `Modify`, `Remove`, `Replace` or `None`, by logical id.
   */
  async preview(
    id: string | undefined,
    name: string,
    what: StackTemplate,
  ): Promise<Map<string, string>> {
    const { Stack: stack } = await this.#call('PreviewStack', {
      ...(id === undefined ? { StackName: name } : { StackId: id }),
      ...templateParameters(what),
    });
    const resources = objects((stack as Fields | undefined)?.Resources);
    return new Map(resources.map((one) => [text(one.LogicalResourceId), text(one.Action)]));
  }

  /** Calls DeleteStack. ROS continues the deletion. */
  async delete(id: string): Promise<void> {
    await this.#call('DeleteStack', { StackId: id });
  }

  /** Calls ListStackResources, which returns all of them at once. */
  async resources(id: string): Promise<StackResource[]> {
    const { Resources } = await this.#call('ListStackResources', { StackId: id });
    return objects(Resources).map((one) => ({
      logicalId: text(one.LogicalResourceId),
      physicalId: text(one.PhysicalResourceId),
      type: text(one.ResourceType),
      status: text(one.Status),
      reason: text(one.StatusReason),
    }));
  }

  async #call(action: string, parameters: OpenApiCall['parameters']): Promise<Fields> {
    return callOpenApi({
      service: 'ros',
      endpoint: this.#endpoint,
      version: VERSION,
      action,
      parameters: { RegionId: this.#account.region, ...parameters },
      credentials: await this.#account.credentials.getCredentials(),
      remedies: REMEDIES,
    });
  }
}

function templateParameters({ template, parameters }: StackTemplate): Record<string, string> {
  const pairs = Object.entries(parameters).flatMap(([key, value], index) => [
    [`Parameters.${index + 1}.ParameterKey`, key],
    [`Parameters.${index + 1}.ParameterValue`, value],
  ]);
  return { TemplateBody: template, ...Object.fromEntries(pairs) };
}

function objects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
