import { isAbsolute, relative } from 'node:path';
import { Fields } from './fields.ts';
import { readText } from './files.ts';
import { Template } from './ros/template.ts';
import { parseYaml, type Tree } from './yaml-tree.ts';

/** The `ros` component's props, and the template they name, read once. */
export function readTemplate(
  key: string,
  props: Tree,
  { dir, accountId, region }: { dir: string; accountId: string; region: string | undefined },
): Template {
  const fields = new Fields(props, `Stack "${key}"`);
  fields.only(['region', 'name', 'template', 'parameters']);
  const path = fields.requireString('template');
  const name = isAbsolute(path) ? relative(dir, path) : path.replace(/^\.\//, '');
  const source = fields.get('template')?.source ?? fields.source;
  const text = readText(dir, name, `put it there, or correct the path at ${source}`);
  const place = {
    region: region ?? fields.requireString('region'),
    accountId,
    stackName: fields.requireString('name'),
  };
  return new Template(parseYaml(text, name), fields.map('parameters'), place, name);
}
