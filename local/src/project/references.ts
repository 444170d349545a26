import type { Findings } from './findings.ts';
import { nearest } from './nearest.ts';
import { present } from './present.ts';
import { roleForAll } from './role-for-all.ts';
import type {
  AsyncInvokeSpec,
  CreatedResource,
  DestinationSpec,
  FunctionSpec,
  Project,
  TriggerSpec,
} from './types.ts';

type Kind = CreatedResource['kind'];

/**
 * Creates what triggers, destinations and functions name but nothing declares: queues, topics and
 * buckets, and roles that allow everything. Removes destinations to functions that do not exist.
 */
export class References {
  readonly created: CreatedResource[] = [];
  readonly #project: Omit<Project, 'warnings'>;
  readonly #accountId: string;
  readonly #findings: Findings;
  readonly #unknownRoles: { name: string; source: string }[] = [];

  constructor(project: Omit<Project, 'warnings'>, accountId: string, findings: Findings) {
    this.#project = project;
    this.#accountId = accountId;
    this.#findings = findings;
  }

  /** Returns the functions with every name that they use resolved. */
  complete(): FunctionSpec[] {
    const functions = this.#project.functions.map((fn) => this.#completeFunction(fn));
    this.#warnOfRoles();
    return functions;
  }

  #completeFunction(fn: FunctionSpec): FunctionSpec {
    const { role, asyncInvoke, ...rest } = fn;
    const owner = `Function "${fn.resource}"`;
    return {
      ...rest,
      ...(role !== undefined && { role: this.#role(role, fn.source, owner) }),
      ...(asyncInvoke && {
        asyncInvoke: this.#completeAsyncInvoke(asyncInvoke, `${owner}, asyncInvokeConfig`),
      }),
      triggers: fn.triggers.map((trigger) =>
        this.#completeTrigger(trigger, `${owner}, trigger "${trigger.name}"`),
      ),
    };
  }

  #completeAsyncInvoke(
    { onSuccess, onFailure, ...rest }: AsyncInvokeSpec,
    owner: string,
  ): AsyncInvokeSpec {
    return {
      ...rest,
      ...present({
        onSuccess: this.#destination(onSuccess, owner),
        onFailure: this.#destination(onFailure, owner),
      }),
    };
  }

  #destination(
    destination: DestinationSpec | undefined,
    owner: string,
  ): DestinationSpec | undefined {
    if (!destination) return undefined;
    const { kind, name, source } = destination;
    if (kind !== 'function') {
      this.#require(kind, name, source, owner);
      return destination;
    }
    const names = this.#project.functions.map((fn) => fn.name);
    if (names.includes(name)) return destination;
    this.#findings.warn(
      source,
      `${owner} names the function "${name}", which is not run here, and nothing is sent there${hint(name, names)}`,
    );
    return undefined;
  }

  #completeTrigger(trigger: TriggerSpec, owner: string): TriggerSpec {
    if (trigger.type === 'http' || trigger.type === 'timer') return trigger;
    const { source } = trigger;
    if (trigger.type === 'oss') this.#require('bucket', trigger.bucket, source, owner);
    if (trigger.type === 'mns_topic') this.#require('topic', trigger.topic, source, owner);
    if (trigger.type === 'eventbridge') {
      this.#require('queue', trigger.queue, source, owner);
      if (trigger.deadLetterQueue !== undefined)
        this.#require('queue', trigger.deadLetterQueue, source, owner);
    }
    const { invocationRole } = trigger;
    if (invocationRole === undefined) return trigger;
    return { ...trigger, invocationRole: this.#role(invocationRole, source, owner) };
  }

  #require(kind: Kind, name: string, source: string, owner: string): void {
    const names = this.#namesOf(kind);
    if (names.includes(name)) return;
    this.#findings.warn(
      source,
      `${owner} names the ${kind} "${name}", which nothing declares: it is created${hint(name, names)}`,
    );
    this.created.push({ kind, name, source });
    if (kind === 'queue') this.#project.queues.push({ name });
    if (kind === 'topic') this.#project.topics.push({ name });
    if (kind === 'bucket') this.#project.buckets.push({ name, acl: 'private' });
  }

  #namesOf(kind: Kind): string[] {
    const { queues, topics, buckets } = this.#project;
    return { queue: queues, topic: topics, bucket: buckets }[kind].map(({ name }) => name);
  }

  /**
   * Returns the role's name as declared: the deploy tool lower-cases ARNs, and RAM ignores case.
   */
  #role(name: string, source: string, owner: string): string {
    const { roles } = this.#project;
    const known = roles.find((role) => role.name.toLowerCase() === name.toLowerCase());
    if (known) {
      if (known.name !== known.name.toLowerCase())
        this.#findings.warn(
          source,
          `${owner} has the role "${known.name}", which the deploy tool puts into lower case`,
        );
      return known.name;
    }
    roles.push(roleForAll(name, this.#accountId));
    this.#unknownRoles.push({ name, source });
    return name;
  }

  #warnOfRoles(): void {
    const [first] = this.#unknownRoles;
    if (!first) return;
    const names = this.#unknownRoles.map(({ name }) => `"${name}"`);
    const [roles, they] = names.length === 1 ? ['role', 'it'] : ['roles', 'they'];
    this.#findings.warn(
      first.source,
      `no template has the ${roles} ${names.join(', ')}: what ${they} may do is not known, so everything is allowed here`,
    );
  }
}

function hint(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return meant ? `; did you mean ${meant}?` : '';
}
