import { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import { unsupported } from './invalid-project.ts';
import { nearest } from './nearest.ts';
import type { PropsTable } from './props-table.ts';
import type { Tree } from './yaml-tree.ts';

/**
 * Checks a map key by key against `table`: warns of what is unknown or has no effect here, and
 * throws for a property because of which its owner is left out.
 */
export function checkKeys(fields: Fields, table: PropsTable, warn: Warn): void {
  for (const [key, tree] of fields.tree.entries) {
    const treatment = Object.hasOwn(table, key) ? table[key] : undefined;
    if (treatment === undefined) warnOfUnknown(fields, key, Object.keys(table), warn);
    else if (typeof treatment === 'object') {
      if (tree.kind === 'map')
        checkKeys(new Fields(tree, `${fields.owner}, ${key}`), treatment, warn);
    } else if (treatment === 'left out') throw leftOut(tree.source, fields.owner, key);
    else if (treatment === 'no effect' && asksForSomething(tree))
      warn(tree.source, `${fields.owner}: ${key} has no effect here`);
  }
}

function leftOut(source: string, owner: string, key: string): Error {
  if (key === 'ossBucketName' || key === 'ossObjectName')
    return unsupported(
      source,
      `${owner}: ${key} names code in OSS, which is not fetched here`,
      'download it, and name the folder or the zip file under code',
    );
  return unsupported(
    source,
    `${owner}: ${key} is not implemented in the local cloud`,
    'take it out, or run this one in the cloud',
  );
}

function warnOfUnknown(fields: Fields, key: string, known: readonly string[], warn: Warn): void {
  const meant = nearest(key, known);
  const hint = meant ? `: did you mean ${meant}?` : '';
  const source = fields.tree.entries.get(key)?.source ?? fields.source;
  warn(source, `${fields.owner} has the unknown key "${key}", which has no effect here${hint}`);
}

/** Returns whether a value asks for anything; `false` and an empty value do not. */
function asksForSomething(tree: Tree): boolean {
  if (tree.kind === 'list') return tree.items.length > 0;
  if (tree.kind === 'map') return tree.entries.size > 0;
  return tree.value !== false && tree.value !== null && tree.value !== '';
}
