import type { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import { invalidProject } from './invalid-project.ts';

const MAX_ENVIRONMENT_BYTES = 4096;

/** Reads a function's variables. Numbers and booleans become texts, with a warning. */
export function readEnvironmentVariables(fields: Fields, warn: Warn): Record<string, string> {
  const variables = fields.map('environmentVariables');
  const entries = (variables?.keys ?? []).map((name): [string, string] => {
    const tree = variables?.get(name);
    const source = tree?.source ?? fields.source;
    checkName(fields, name, source);
    if (tree?.kind === 'scalar' && tree.value !== null) {
      if (typeof tree.value !== 'string')
        warn(
          source,
          `${fields.owner}: the variable ${name} is no text: put its value in quotes, FC takes nothing else`,
        );
      return [name, String(tree.value)];
    }
    throw invalidProject(
      source,
      `${fields.owner}: the variable ${name} is no text`,
      'put its value in quotes: FC takes nothing else',
    );
  });
  const size = entries.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size <= MAX_ENVIRONMENT_BYTES) return Object.fromEntries(entries);
  throw fields.fault(
    'environmentVariables',
    `have ${size} bytes, names and values together`,
    `FC takes ${MAX_ENVIRONMENT_BYTES}: keep long values in a file or an object`,
  );
}

function checkName(fields: Fields, name: string, source: string): void {
  if (!/^[A-Za-z]\w*$/.test(name))
    throw invalidProject(
      source,
      `${fields.owner} has the variable "${name}"`,
      'use letters, digits and _, beginning with a letter',
    );
  if (/^FC_/i.test(name))
    throw invalidProject(
      source,
      `${fields.owner} has the variable ${name}`,
      'choose another name: those that begin with FC_ are reserved for FC',
    );
}
