import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Takes from a program, and from what it starts, root's right to write what the mode of a file forbids. */
const WITHOUT_OVERRIDE = [
  'setpriv',
  '--bounding-set=-dac_override',
  '--inh-caps=-dac_override',
] as const;

/**
 * Resolves to what a program has to be started with so that read-only files are read-only for it:
 * nothing for any user but root. For root it is setpriv, of util-linux; where that is missing or
 * refused (macOS, some containers) nothing holds root, and the function can write its code.
 */
export async function readOnlyPrefix(): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const [program, ...args] = WITHOUT_OVERRIDE;
  return promisify(execFile)(program, [...args, 'true']).then(
    () => WITHOUT_OVERRIDE,
    () => [],
  );
}
