import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Removes root's right to override file modes from a program and its children. */
const WITHOUT_OVERRIDE = [
  'setpriv',
  '--bounding-set=-dac_override',
  '--inh-caps=-dac_override',
] as const;

/**
 * Resolves to the command prefix with which read-only files are read-only for a program: nothing
 * for any user but root. For root it is setpriv, of util-linux; where that is missing or refused
 * (macOS, some containers) nothing restrains root, and the function can write its code. It is
 * tried once in a process.
 */
export function readOnlyPrefix(): Promise<readonly string[]> {
  found ??= find();
  return found;
}

let found: Promise<readonly string[]> | undefined;

async function find(): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const [program, ...args] = WITHOUT_OVERRIDE;
  return promisify(execFile)(program, [...args, 'true']).then(
    () => WITHOUT_OVERRIDE,
    () => [],
  );
}
