import { toPlain } from 'fc-local/project';
import { lineWith, placeOf, propsOf } from '../../project/places.ts';
import type { ProjectView } from '../../project/view.ts';
import { builtFunctions } from '../built-functions.ts';
import type { Finding } from '../finding.ts';

/** Maximum bytes of all names and values together, as FC sets it. */
const MAX_ENVIRONMENT_BYTES = 4096;

/** Requires that what a handler reads is declared in s.yaml, that what is declared is read, and that it fits. */
export function environment(view: ProjectView): Finding[] {
  const built = builtFunctions(view);
  return view.project.functions.flatMap((fn) => {
    const folder = `functions/${fn.resource}`;
    const declared = propsOf(view, fn)?.map('environmentVariables');
    const all = Object.keys(fn.environmentVariables);
    const findings: Finding[] = [];

    for (const file of view.files(folder).filter((one) => one.endsWith('.ts')))
      for (const name of namesReadIn(view.read(file)))
        if (!all.includes(name))
          findings.push({
            source: lineWith(view, file, name),
            problem: `${name} is read, and s.yaml does not declare it`,
            remedy: `add it under environmentVariables of "${fn.resource}"`,
          });

    const code = sourcesOf(view, fn.resource);
    for (const name of declared?.keys ?? []) {
      const tree = declared?.tree.entries.get(name);
      const source = placeOf(view, fn, 'environmentVariables', name);
      if (tree && typeof toPlain(tree) !== 'string')
        findings.push({
          source,
          problem: `${name} is ${JSON.stringify(toPlain(tree))}, and FC takes texts only`,
          remedy: 'put it in quotes',
        });
      if (built.includes(fn) && !new RegExp(`\\b${name}\\b`).test(code))
        findings.push({
          source,
          problem: `${name} is declared, and nothing in the bundle of "${fn.resource}" reads it`,
          remedy: 'take it out, or read it',
        });
    }

    const pairs = Object.entries(fn.environmentVariables).flat();
    const size = pairs.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (size > MAX_ENVIRONMENT_BYTES)
      findings.push({
        source: placeOf(view, fn, 'environmentVariables'),
        problem: `the variables of "${fn.resource}" are ${size} bytes, and FC takes ${MAX_ENVIRONMENT_BYTES}`,
        remedy: 'put what is long into an object, and its key here',
      });
    return findings;
  });
}

/** Returns the names given to environment([…]), or read from process.env or a variable derived from it. */
function namesReadIn(text: string): string[] {
  const lists = [...text.matchAll(/\benvironment\(\s*\[([^\]]*)\]/g)].map(([, list = '']) =>
    [...list.matchAll(/'([A-Z][A-Z0-9_]*)'/g)].map(([, name = '']) => name),
  );
  const direct = [...text.matchAll(/process\.env\.([A-Z][A-Z0-9_]*)/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set([...lists.flat(), ...direct])];
}

/**
 * Returns the project's own sources in the function's bundle, and fc-kit's, as its source map names them;
 * before a build, the function's folder.
 */
function sourcesOf(view: ProjectView, name: string): string {
  const map = view.read(`dist/${name}.js.map`);
  const { sources = [] } = (map ? JSON.parse(map) : {}) as { sources?: string[] };
  const own = sources
    .map((source) => source.replace(/^(\.\.\/)+/, ''))
    .filter((source) => !/^node_modules\/(?!fc-kit\/)/.test(source));
  const files = new Set([...own, ...view.files(`functions/${name}`)]);
  return [...files].map(view.read).join('\n');
}
