import { Fields } from '../fields.ts';
import type { Findings } from '../findings.ts';
import { invalidProject, unsupported } from '../invalid-project.ts';
import { nearest } from '../nearest.ts';
import { type Mapping, scalar, type Tree } from '../yaml-tree.ts';
import { evaluate, holds, type Scope } from './intrinsics.ts';
import { readParameters } from './parameters.ts';
import {
  isResourceType,
  type Place,
  RESOURCE_TYPES,
  type ResourceType,
  type ResourceTypeName,
} from './resource-types.ts';

export interface TemplateOptions {
  /** Parameters that are given; the others have their defaults. */
  given: Fields | undefined;
  place: Place;
  /** Name of the file, for messages. */
  file: string;
  findings: Findings;
}

/** A resource of a template, with its properties evaluated. */
export interface TemplateResource {
  id: string;
  type: ResourceTypeName;
  properties: Fields;
}

const TOP_LEVEL = [
  'ROSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Conditions',
  'Resources',
  'Outputs',
];
const RESOURCE = [
  'Type',
  'Properties',
  'Condition',
  'Count',
  'DependsOn',
  'DeletionPolicy',
  'Description',
  'Metadata',
];

/**
 * A ROS template with its parameters set: functions are evaluated, resources and outputs can be
 * read.
 */
export class Template implements Scope {
  readonly #place: Place;
  readonly #parameters: Map<string, Tree>;
  readonly #conditions: Fields | undefined;
  readonly #resources: Fields;
  readonly #outputs: Fields | undefined;
  /** Attributes and conditions being evaluated, to detect circular ones. */
  readonly #open = new Set<string>();

  readonly #findings: Findings;

  constructor(root: Mapping, { given, place, file, findings }: TemplateOptions) {
    const top = new Fields(root, file);
    this.#findings = findings;
    for (const [key, { source }] of root.entries)
      if (!TOP_LEVEL.includes(key)) findings.warn(source, `${key} has no effect here`);
    const version = top.requireString('ROSTemplateFormatVersion');
    if (version !== '2015-09-01')
      throw top.fault(
        'ROSTemplateFormatVersion',
        `is "${version}"`,
        "write '2015-09-01', in quotes",
      );
    this.#place = place;
    this.#parameters = readParameters(top.map('Parameters'), given, findings);
    this.#conditions = top.map('Conditions');
    this.#resources = new Fields(top.require('Resources'), 'Resources');
    this.#outputs = top.map('Outputs');
  }

  /** Returns the resources that are created here; warns of the others. */
  resources(): TemplateResource[] {
    return this.#resources.keys.flatMap((id) =>
      this.#findings
        .made(`Resource "${id}"`, () => this.#make(id))
        .filter((resource) => resource !== undefined),
    );
  }

  /** Returns undefined when the resource's condition does not hold. */
  #make(id: string): TemplateResource | undefined {
    // First: a resource whose condition is false may be of any type.
    const condition = this.#resources.map(id)?.get('Condition');
    if (condition && !holds(condition, this)) return undefined;
    const { type, raw, fields } = this.#resource(id, this.#resources.source);
    const count = fields.get('Count');
    if (count)
      throw unsupported(count.source, 'Count is not known here', 'write each resource by itself');
    const properties = new Fields(evaluate(raw, this), `Resource "${id}"`);
    return { id, type, properties: properties.only(RESOURCE_TYPES[type].properties) };
  }

  /** Returns the value of an output; `source` is the place of the reference. */
  output(name: string, source: string): Tree {
    const output = this.#outputs?.map(name, `Output "${name}"`);
    if (output) return evaluate(output.require('Value'), this);
    const known = this.#outputs?.keys ?? [];
    const meant = nearest(name, known);
    throw invalidProject(
      source,
      `the stack has no output "${name}"`,
      meant ? `did you mean ${meant}?` : `it has ${known.join(', ') || 'none'}`,
    );
  }

  ref(name: string, source: string): Tree {
    const pseudo = this.#pseudoParameter(name);
    if (pseudo !== undefined) return scalar(pseudo, source);
    const parameter = this.#parameters.get(name);
    if (parameter) return parameter;
    if (this.#resources.has(name))
      throw unsupported(
        source,
        `a reference to the resource "${name}" as a whole is not known here`,
        'name one of its attributes with Fn::GetAtt',
      );
    throw invalidProject(source, `there is no parameter "${name}"`, 'declare it under Parameters');
  }

  attribute(id: string, attribute: string, source: string): Tree {
    const { type, raw } = this.#resource(id, source);
    const { name, attributes }: ResourceType = RESOURCE_TYPES[type];
    const make = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (!make)
      throw unsupported(
        source,
        `the attribute ${attribute} of ${type} is not known here`,
        `use one of ${Object.keys(attributes).join(', ') || 'another resource'}`,
      );
    return this.#once(`${id}.${attribute}`, source, () => {
      const named = new Fields(raw, `Resource "${id}"`);
      const value = evaluate(named.require(name), this);
      if (value.kind === 'scalar' && typeof value.value === 'string')
        return scalar(make(value.value, this.#place), source);
      throw named.wrong(name, value, 'write one text');
    });
  }

  condition(name: string, source: string): boolean {
    const condition = this.#conditions?.get(name);
    if (condition) return this.#once(`condition ${name}`, source, () => holds(condition, this));
    throw invalidProject(source, `there is no condition "${name}"`, 'declare it under Conditions');
  }

  #resource(id: string, source: string): { type: ResourceTypeName; raw: Tree; fields: Fields } {
    const tree = this.#resources.get(id);
    if (!tree)
      throw invalidProject(source, `there is no resource "${id}"`, 'declare it under Resources');
    const fields = new Fields(tree, `Resource "${id}"`).only(RESOURCE);
    const type = fields.requireString('Type');
    if (!isResourceType(type)) {
      const meant = nearest(type, Object.keys(RESOURCE_TYPES));
      throw unsupported(
        tree.source,
        `resources of type ${type} are not known to the local cloud`,
        meant
          ? `did you mean ${meant}?`
          : 'only queues, topics, subscriptions, buckets, roles and their policies are',
      );
    }
    return { type, raw: fields.require('Properties'), fields };
  }

  #pseudoParameter(name: string): string | undefined {
    const { region, accountId, stackName } = this.#place;
    if (name === 'ALIYUN::Region') return region;
    if (name === 'ALIYUN::TenantId' || name === 'ALIYUN::AccountId') return accountId;
    return name === 'ALIYUN::StackName' ? stackName : undefined;
  }

  #once<Result>(id: string, source: string, work: () => Result): Result {
    if (this.#open.has(id))
      throw invalidProject(source, `${id} depends on itself`, 'break the circle');
    this.#open.add(id);
    try {
      return work();
    } finally {
      this.#open.delete(id);
    }
  }
}
