// The file through which everything in the package loads `core.cjs`, once in a process.
import { join } from 'node:path';
import { loadScript } from './load-script.ts';

declare const __dirname: string;

const script = loadScript(join(__dirname, 'core.cjs'));

/** A function for each entry of the package, which returns what the entry exports. */
export const core = script.exports;

/**
 * Keeps the compiled code for the next start, which then compiles little: with the functions or,
 * `withFunctions` being false, without them.
 */
export function keep(withFunctions: boolean): void {
  script.keep(withFunctions ? 1 : 0);
}
