import { Fields, toPlain } from 'fc-local/project';
import { placeOf, propsOf } from '../../project/places.ts';
import { attributeOf, outputIn } from '../../project/references.ts';
import { type ProjectView, TEMPLATE_FILE } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

/**
 * Requires, if there is a template, that each function has its own role from it, and that no role for
 * functions is unused.
 */
export function roles(view: ProjectView): Finding[] {
  if (!view.exists(TEMPLATE_FILE)) return [];
  const taken = new Map<string, string>();
  const findings = view.project.functions.flatMap((fn): Finding[] => {
    const role = propsOf(view, fn)?.get('role');
    const output = outputIn(role && toPlain(role));
    const source = placeOf(view, fn, 'role');
    const id = output && roleOf(view, output);
    if (!id)
      return [
        {
          source,
          problem: `Function "${fn.resource}" has no role from ${TEMPLATE_FILE}`,
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
        remedy: 'give it its own role, with what it needs and nothing more',
      },
    ];
  });
  return [...findings, ...leftOver(view, taken)];
}

function roleOf(view: ProjectView, output: string): string | undefined {
  return attributeOf(view.template.map('Outputs')?.map(output)?.get('Value'));
}

function leftOver(view: ProjectView, taken: ReadonlyMap<string, string>): Finding[] {
  const resources = view.template.map('Resources');
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
