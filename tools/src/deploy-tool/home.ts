import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LocalCloudError } from 'fc-local/project';

/**
 * Returns the deploy tool's own folder: `.s` in the home, or in the folder that
 * `serverless_devs_config_home` names.
 */
export function toolHome(env: NodeJS.ProcessEnv): string {
  return join(env.serverless_devs_config_home?.trim() || env.HOME?.trim() || homedir(), '.s');
}

/**
 * Throws LocalCloudError when the deploy tool cannot write to its own folder: it would hang for minutes
 * without a word (3.1.10, seen with a read-only home).
 */
export function checkToolHome(env: NodeJS.ProcessEnv): void {
  const home = toolHome(env);
  try {
    mkdirSync(home, { recursive: true });
    rmdirSync(mkdtempSync(join(home, 'writable-')));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new LocalCloudError(
      'NoToolHome',
      `The deploy tool keeps components and logs in ${home}, which cannot be written (${code})`,
      'set serverless_devs_config_home to a folder that can be',
      { cause },
    );
  }
}
