import { type Tree, toPlain } from 'fc-local/project';

/** Name of the output that an expression in s.yaml takes: `${resources.infra.output.X}` gives X. */
export function outputIn(text: unknown): string | undefined {
  return /^\$\{resources\.[\w-]+\.output\.(\w+)\}$/.exec(String(text))?.[1];
}

/** Logical id of the resource that an output's value, or another place of the template, is an attribute of. */
export function attributeOf(tree: Tree | undefined): string | undefined {
  const plain = tree && toPlain(tree);
  const reference = Object(plain)['Fn::GetAtt'];
  return Array.isArray(reference) ? String(reference[0]) : undefined;
}
