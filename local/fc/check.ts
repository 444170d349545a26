import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec } from '../project/types.ts';
import { EXTENSIONS, handlerFile, splitHandler } from './instance/load.ts';

/** All variables of a function together: names and values. */
const ENVIRONMENT_LIMIT_BYTES = 4 * 1024;

/** Throws a LocalCloudError for a function that Function Compute would not take, or that can't run here. */
export function checkFunction(fn: FunctionSpec): void {
  const where = `Function "${fn.name}" (${fn.source})`;
  const refuse = (code: string, message: string, remedy: string): never => {
    throw new LocalCloudError(code, `${where} ${message}`, remedy);
  };

  if (!fn.runtime.startsWith('nodejs'))
    refuse('UnsupportedRuntime', `has runtime "${fn.runtime}"`, 'set runtime: nodejs20');

  for (const handler of [fn.handler, fn.initializer?.handler, fn.preStop?.handler]) {
    if (handler === undefined) continue;
    const { file, name } = splitHandler(handler);
    if (!file || !name)
      refuse('InvalidHandler', `has handler "${handler}"`, 'give file and export: index.handler');
    if (!handlerFile(fn.codeDir, handler)) {
      const missing = existsSync(fn.codeDir)
        ? join(fn.codeDir, `${file}{${EXTENSIONS.join()}}`)
        : fn.codeDir;
      refuse('CodeNotFound', `has no code: ${missing} is missing`, 'build it with npm run build');
    }
  }

  const variables = Object.entries(fn.environmentVariables);
  const reserved = variables.find(([name]) => name.startsWith('FC_'));
  if (reserved)
    refuse('ReservedVariable', `sets ${reserved[0]}`, 'take a name that does not begin with FC_');
  const size = variables.reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size > ENVIRONMENT_LIMIT_BYTES)
    refuse(
      'EnvironmentTooLarge',
      `has ${size} bytes of environment variables`,
      `keep within ${ENVIRONMENT_LIMIT_BYTES}, or read what is large from a bucket`,
    );
}
