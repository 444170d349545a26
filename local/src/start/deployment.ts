import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec, LeftOut, Project } from '../project/types.ts';

/** The target of deployments. */
export interface Deployer {
  deploy(fn: FunctionSpec): Promise<void>;
  remove(name: string): void;
}

/**
 * The functions of a project and which of them run. `project.functions` and `project.leftOut`
 * always show that: they are changed in place, since the services, the console and tests share the
 * project.
 */
export class Deployment {
  readonly #project: Project & { leftOut: LeftOut[] };
  readonly #fc: Deployer;
  readonly #strict: boolean;
  #declared: FunctionSpec[];
  #unreadable: LeftOut[];
  readonly #refused = new Map<string, LeftOut>();

  /** `strict` throws for what cannot be deployed. */
  constructor(project: Project, fc: Deployer, strict: boolean) {
    project.leftOut ??= [];
    this.#project = project as Project & { leftOut: LeftOut[] };
    this.#fc = fc;
    this.#strict = strict;
    this.#declared = [...project.functions];
    this.#unreadable = [...project.leftOut];
  }

  /** All functions that were read, including those that could not be deployed. */
  get declared(): readonly FunctionSpec[] {
    return this.#declared;
  }

  /**
   * Deploys the function, unless its build has failed. What cannot run is left out, and the
   * previous version continues. Resolves to whether it was deployed.
   */
  async deploy(fn: FunctionSpec, failure?: LocalCloudError): Promise<boolean> {
    try {
      if (failure) throw failure;
      await this.#fc.deploy(fn);
      this.#refused.delete(fn.resource);
      return true;
    } catch (error) {
      if (!(error instanceof LocalCloudError) || this.#strict) throw error;
      this.#refused.set(fn.resource, leftOut(fn, error));
      return false;
    } finally {
      this.#publish();
    }
  }

  /** The parts that could not be read. */
  get unreadable(): readonly LeftOut[] {
    return this.#unreadable;
  }

  /** Returns why that function could not be deployed the last time. */
  refusal(resource: string): LeftOut | undefined {
    return this.#refused.get(resource);
  }

  /**
   * Applies the project's current state, without deploying anything: deleted functions are removed.
   */
  replace({ functions, leftOut = [] }: Project): void {
    for (const { name } of this.#declared)
      if (!functions.some((fn) => fn.name === name)) this.#fc.remove(name);
    for (const resource of [...this.#refused.keys()])
      if (!functions.some((fn) => fn.resource === resource)) this.#refused.delete(resource);
    this.#declared = [...functions];
    this.#unreadable = [...leftOut];
    this.#publish();
  }

  #publish(): void {
    const { functions, leftOut } = this.#project;
    const runs = this.#declared.filter(({ resource }) => !this.#refused.has(resource));
    functions.splice(0, functions.length, ...runs);
    leftOut.splice(0, leftOut.length, ...this.#unreadable, ...this.#refused.values());
  }
}

function leftOut({ resource, source, name }: FunctionSpec, error: LocalCloudError): LeftOut {
  return {
    what: `Function "${resource}"`,
    resource,
    source,
    // The deployed name and the place are already given.
    reason: error.message.replace(`Function "${name}" (${source})`, '').replace(/^[:,]? /, ''),
    remedy: error.remedy,
  };
}
