import { Fields } from '../fields.ts';
import { invalidProject } from '../invalid-project.ts';
import { describeTree, type Tree } from '../yaml-tree.ts';

const KEYS = [
  'Type',
  'Default',
  'Description',
  'Label',
  'AllowedValues',
  'AllowedPattern',
  'ConstraintDescription',
  'MinLength',
  'MaxLength',
];
const TYPES = ['String', 'Number', 'Boolean'] as const;

/** The template's parameters with the values s.yaml gives them, or their defaults. Throws LocalCloudError for one that is missing, unknown, or breaks its own constraint. */
export function readParameters(
  declared: Fields | undefined,
  given: Fields | undefined,
): Map<string, Tree> {
  given?.only(declared?.keys ?? []);
  const values = new Map<string, Tree>();
  for (const [name, tree] of declared?.tree.entries ?? []) {
    const parameter = new Fields(tree, `Parameter "${name}"`).only(KEYS);
    const value = given?.get(name) ?? parameter.get('Default');
    if (!value)
      throw invalidProject(
        parameter.source,
        `${parameter.owner} has neither a value nor a Default`,
        'give it one under parameters in s.yaml',
      );
    checkValue(parameter, value);
    values.set(name, value);
  }
  return values;
}

function checkValue(parameter: Fields, value: Tree): void {
  const type = parameter.oneOf('Type', TYPES) ?? 'String';
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

/** ROS wants the whole value to match. */
function compile(parameter: Fields, pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    throw parameter.fault('AllowedPattern', `is "${pattern}"`, 'write a regular expression');
  }
}
