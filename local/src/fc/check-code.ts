import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec } from '../project/types.ts';
import { EXTENSIONS, handlerFile, splitHandler } from './instance/load.ts';

/** Throws a LocalCloudError when a handler's file is not there, which says what builds it as far as s.yaml does. What s.yaml says is checked where it is read. */
export function checkCode(fn: FunctionSpec): void {
  for (const handler of [fn.handler, fn.initializer?.handler, fn.preStop?.handler]) {
    if (handler === undefined || handlerFile(fn.codeDir, handler)) continue;
    const missing = existsSync(fn.codeDir)
      ? join(fn.codeDir, `${splitHandler(handler).file}{${EXTENSIONS.join()}}`)
      : fn.codeDir;
    throw new LocalCloudError(
      'CodeNotFound',
      `Function "${fn.name}" (${fn.source}) has no code: ${missing} is missing`,
      fn.buildCommands
        ? `build it as s.yaml does before a deployment: ${fn.buildCommands.join(' && ')}`
        : 'put the built code there, or name its folder under code',
    );
  }
}
