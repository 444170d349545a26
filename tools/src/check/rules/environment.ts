import { toPlain } from '../../../../local/src/project/yaml-tree.ts';
import { type Finding, type House, lineWith, placeOf, propsOf } from '../house.ts';

/** Bytes of all names and values together that FC takes. */
const LARGEST_ENVIRONMENT = 4096;

/** What a handler reads is declared in s.yaml, what is declared is read, and it fits. */
export function environment(house: House): Finding[] {
  return house.project.functions.flatMap((fn) => {
    const folder = `functions/${fn.resource}`;
    const declared = propsOf(house, fn)?.map('environmentVariables');
    const all = Object.keys(fn.environmentVariables);
    const findings: Finding[] = [];

    for (const file of house.files(folder).filter((one) => one.endsWith('.ts')))
      for (const name of namesReadIn(house.read(file)))
        if (!all.includes(name))
          findings.push({
            source: lineWith(house, file, name),
            problem: `${name} is read, and s.yaml does not declare it`,
            remedy: `add it under environmentVariables of "${fn.resource}"`,
          });

    const code = sourcesOf(house, fn.resource);
    for (const name of declared?.keys ?? []) {
      const tree = declared?.tree.entries.get(name);
      const source = placeOf(house, fn, 'environmentVariables', name);
      if (tree && typeof toPlain(tree) !== 'string')
        findings.push({
          source,
          problem: `${name} is ${JSON.stringify(toPlain(tree))}, and FC takes texts only`,
          remedy: 'put it in quotes',
        });
      if (!new RegExp(`\\b${name}\\b`).test(code))
        findings.push({
          source,
          problem: `${name} is declared, and nothing in the bundle of "${fn.resource}" reads it`,
          remedy: 'take it out, or read it',
        });
    }

    const pairs = Object.entries(fn.environmentVariables).flat();
    const size = pairs.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (size > LARGEST_ENVIRONMENT)
      findings.push({
        source: placeOf(house, fn, 'environmentVariables'),
        problem: `the variables of "${fn.resource}" are ${size} bytes, and FC takes ${LARGEST_ENVIRONMENT}`,
        remedy: 'put what is long into an object, and its key here',
      });
    return findings;
  });
}

/** Names given to environment([…]), read from process.env, or from what was made of it. */
function namesReadIn(text: string): string[] {
  const lists = [...text.matchAll(/\benvironment\(\s*\[([^\]]*)\]/g)].map(([, list = '']) =>
    [...list.matchAll(/'([A-Z][A-Z0-9_]*)'/g)].map(([, name = '']) => name),
  );
  const direct = [...text.matchAll(/process\.env\.([A-Z][A-Z0-9_]*)/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set([...lists.flat(), ...direct])];
}

/** Our own sources in the function's bundle, as its source map names them; its folder before a build. */
function sourcesOf(house: House, name: string): string {
  const map = house.read(`dist/${name}.js.map`);
  const { sources = [] } = (map ? JSON.parse(map) : {}) as { sources?: string[] };
  const own = sources
    .map((source) => source.replace(/^(\.\.\/)+/, ''))
    .filter((source) => !source.startsWith('node_modules/'));
  const files = new Set([...own, ...house.files(`functions/${name}`)]);
  return [...files].map(house.read).join('\n');
}
