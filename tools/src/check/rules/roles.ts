import { Fields } from '../../../../local/src/project/fields.ts';
import { toPlain } from '../../../../local/src/project/yaml-tree.ts';
import {
  attributeOf,
  type Finding,
  type House,
  outputIn,
  placeOf,
  propsOf,
  TEMPLATE_FILE,
} from '../house.ts';

/** Each function has a role of its own from the template, and no role for functions is left over. */
export function roles(house: House): Finding[] {
  const taken = new Map<string, string>();
  const findings = house.project.functions.flatMap((fn): Finding[] => {
    const role = propsOf(house, fn)?.get('role');
    const output = outputIn(role && toPlain(role));
    const source = placeOf(house, fn, 'role');
    const id = output && roleBehind(house, output);
    if (!id)
      return [
        {
          source,
          problem: `Function "${fn.resource}" takes no role from ${TEMPLATE_FILE}`,
          remedy: `write role: \${resources.infra.output.<its role>}, with a role and an output of that name in ${TEMPLATE_FILE}`,
        },
      ];
    const other = taken.get(id);
    taken.set(id, fn.resource);
    if (other === undefined) return [];
    return [
      {
        source,
        problem: `Function "${fn.resource}" shares the role ${id} with "${other}"`,
        remedy: 'give it one of its own, with what it needs and nothing more',
      },
    ];
  });
  return [...findings, ...leftOver(house, taken)];
}

function roleBehind(house: House, output: string): string | undefined {
  return attributeOf(house.template.map('Outputs')?.map(output)?.get('Value'));
}

function leftOver(house: House, taken: ReadonlyMap<string, string>): Finding[] {
  const resources = house.template.map('Resources');
  return (resources?.keys ?? []).flatMap((id) => {
    const tree = resources?.get(id);
    if (!tree || taken.has(id) || !isRoleOfFunction(new Fields(tree, id))) return [];
    return [
      {
        source: tree.source,
        problem: `Role ${id} is for functions, and no function has it`,
        remedy: 'name it in s.yaml, or take it out',
      },
    ];
  });
}

function isRoleOfFunction(resource: Fields): boolean {
  if (resource.string('Type') !== 'ALIYUN::RAM::Role') return false;
  const trust = resource.map('Properties')?.get('AssumeRolePolicyDocument');
  return JSON.stringify(trust ? toPlain(trust) : {}).includes('"fc.aliyuncs.com"');
}
