import { type Tree, toPlain } from 'fc-local/project';

/** Returns the name of the output that an expression in s.yaml refers to: X for `${resources.infra.output.X}`. */
export function outputIn(text: unknown): string | undefined {
  return /^\$\{resources\.[\w-]+\.output\.(\w+)\}$/.exec(String(text))?.[1];
}

/** Returns the logical id of the resource whose attribute an output's value, or another place of the template, is. */
export function attributeOf(tree: Tree | undefined): string | undefined {
  const plain = tree && toPlain(tree);
  const reference = Object(plain)['Fn::GetAtt'];
  return Array.isArray(reference) ? String(reference[0]) : undefined;
}
