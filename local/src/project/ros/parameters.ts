import { Fields } from '../fields.ts';
import type { Findings } from '../findings.ts';
import { fromPlain } from '../from-plain.ts';
import { invalidProject } from '../invalid-project.ts';
import { ONLY_IN_THE_CLOUD } from '../placeholder.ts';
import { describeTree, scalar, type Tree } from '../yaml-tree.ts';

/** The types that are checked. Others, such as `ALIYUN::ECS::VPC::VpcId`, are texts. */
const PLAIN = ['String', 'Number', 'Boolean'];
const LIST = 'CommaDelimitedList';
const JSON_TYPE = 'Json';

/**
 * Reads the template's parameters with the values in s.yaml, or their defaults. Throws
 * LocalCloudError for one that is unknown or breaks its own constraint and, if strict, for one that
 * is missing; otherwise that has a placeholder.
 */
export function readParameters(
  declared: Fields | undefined,
  given: Fields | undefined,
  findings: Findings,
): Map<string, Tree> {
  given?.only(declared?.keys ?? []);
  const values = new Map<string, Tree>();
  for (const [name, tree] of declared?.tree.entries ?? []) {
    const parameter = new Fields(tree, `Parameter "${name}"`);
    const value = given?.get(name) ?? parameter.get('Default');
    if (value) values.set(name, typed(parameter, value));
    else {
      findings.made(parameter.owner, () => {
        throw missing(parameter);
      });
      values.set(name, scalar(ONLY_IN_THE_CLOUD, parameter.source));
    }
  }
  return values;
}

function missing(parameter: Fields): Error {
  return invalidProject(
    parameter.source,
    `${parameter.owner} has neither a value nor a Default`,
    'give it one under parameters in s.yaml',
  );
}

/** Converts the value to its type: ROS accepts lists and JSON as texts too. */
function typed(parameter: Fields, value: Tree): Tree {
  const type = parameter.string('Type') ?? 'String';
  const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
  if (type === LIST && text !== undefined)
    return fromPlain(
      text.split(',').map((item) => item.trim()),
      value.source,
    );
  if (type === JSON_TYPE && text !== undefined) return parseJson(parameter, text, value.source);
  if (PLAIN.includes(type)) checkValue(parameter, value, type);
  return value;
}

function parseJson(parameter: Fields, text: string, source: string): Tree {
  try {
    return fromPlain(JSON.parse(text), source);
  } catch {
    throw invalidProject(source, `${parameter.owner} is no JSON`, 'correct it');
  }
}

function checkValue(parameter: Fields, value: Tree, type: string): void {
  const plain = value.kind === 'scalar' ? value.value : undefined;
  const allowed = parameter.list('AllowedValues').map(describeTree);
  const pattern = parameter.string('AllowedPattern');
  const wanted = parameter.string('ConstraintDescription');
  const length = String(plain ?? '').length;
  const shortest = parameter.integer('MinLength', { min: 0, max: 4096 }) ?? 0;
  const longest = parameter.integer('MaxLength', { min: 0, max: 4096 }) ?? Infinity;
  const fails = (remedy: string) =>
    invalidProject(
      value.source,
      `${parameter.owner} is ${describeTree(value)}`,
      wanted ? `give ${wanted}` : remedy,
    );

  if (plain === undefined || plain === null || typeof plain !== type.toLowerCase())
    throw fails(`give a ${type}`);
  if (allowed.length > 0 && !allowed.includes(describeTree(value)))
    throw fails(`give one of ${allowed.join(', ')}`);
  if (pattern !== undefined && !compile(parameter, pattern).test(String(plain)))
    throw fails(`give what matches ${pattern}`);
  if (length < shortest || length > longest)
    throw fails(`give ${shortest} to ${longest} characters`);
}

/** Compiles a pattern; ROS requires it to match the whole value. */
function compile(parameter: Fields, pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    throw parameter.fault('AllowedPattern', `is "${pattern}"`, 'write a regular expression');
  }
}
