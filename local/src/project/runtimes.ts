import type { Fields } from './fields.ts';
import { invalidProject, unsupported } from './invalid-project.ts';
import { nearest } from './nearest.ts';
import type { RuntimeKind } from './types.ts';

/** Every runtime that Function Compute has or had, and its kind here. */
const RUNTIMES: Readonly<Record<string, RuntimeKind | 'not run here'>> = {
  nodejs20: 'node',
  nodejs18: 'node',
  nodejs16: 'node',
  nodejs14: 'node',
  nodejs12: 'node',
  nodejs10: 'not run here',
  nodejs8: 'not run here',
  'python3.12': 'python',
  'python3.10': 'python',
  'python3.9': 'python',
  python3: 'python',
  'python2.7': 'not run here',
  custom: 'custom',
  'custom.debian10': 'custom',
  'custom.debian11': 'custom',
  'custom.debian12': 'custom',
  'custom-container': 'not run here',
  'micro-sandbox': 'not run here',
  'php7.2': 'not run here',
  java8: 'not run here',
  java11: 'not run here',
  go1: 'not run here',
  'dotnetcore2.1': 'not run here',
  'dotnetcore3.1': 'not run here',
};

const HINTS: readonly [RegExp, string][] = [
  [/^nodejs/, 'use nodejs20, the newest that FC has built in'],
  [/^python/, 'use python3.12'],
  [/container/, 'use a custom runtime that starts the same server, or run it in the cloud'],
];

/**
 * Reads the runtime and its kind. Throws ProjectError for one that does not run here and for an
 * unknown one.
 */
export function readRuntime(fields: Fields): { runtime: string; kind: RuntimeKind } {
  const runtime = fields.requireString('runtime');
  const kind = Object.hasOwn(RUNTIMES, runtime) ? RUNTIMES[runtime] : undefined;
  if (kind !== undefined && kind !== 'not run here') return { runtime, kind };
  const source = fields.get('runtime')?.source ?? fields.source;
  const remedy =
    HINTS.find(([pattern]) => pattern.test(runtime))?.[1] ??
    'use a custom runtime that listens on a port, or run it in the cloud';
  if (kind)
    throw unsupported(source, `${fields.owner}: runtime "${runtime}" is not run here`, remedy);
  const meant = nearest(runtime, Object.keys(RUNTIMES));
  throw invalidProject(
    source,
    `${fields.owner}: runtime "${runtime}" is not known to the local cloud`,
    meant ? `did you mean ${meant}? Or ${remedy}` : remedy,
  );
}
