import type { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import { nearest } from './nearest.ts';

/** Keys of an s.yaml. */
export const TOP_LEVEL_KEYS = [
  'edition',
  'name',
  'access',
  'vars',
  'template',
  'resources',
  'flow',
  'actions',
  'env',
  'extend',
  'components',
];
/** Keys of an entry under `resources`. */
export const RESOURCE_KEYS = ['component', 'access', 'extend', 'actions', 'props'];

/** Throws for an s.yaml that is of a deploy tool before version 3. */
export function checkEdition(top: Fields): void {
  const edition = top.tree.entries.get('edition');
  const older = top.has('services') || top.has('Services');
  const value = edition?.kind === 'scalar' ? String(edition.value) : undefined;
  if (value === '3.0.0') return;
  if (value === undefined && !older) top.requireString('edition');
  throw top.fault(
    'edition',
    `is "${value ?? '1.0.0'}", which is of the deploy tool before version 3`,
    'install s 3 (@serverless-devs/s) and let "s cli fc3 s2tos3" turn the file into edition 3.0.0',
  );
}

/** Warns of keys that are not known, with the nearest one that is. */
export function warnOfUnknown(fields: Fields, known: readonly string[], warn: Warn): void {
  for (const [key, { source }] of fields.tree.entries) {
    // Keys such as x-common contain what anchors name.
    if (known.includes(key) || key.startsWith('x-')) continue;
    const meant = nearest(key, known);
    const hint = meant ? `: did you mean ${meant}?` : '';
    warn(source, `${fields.owner} has the unknown key "${key}"${hint}`);
  }
}
