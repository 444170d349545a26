import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Callable = (...args: unknown[]) => unknown;

/** Tried in this order after the handler's file name. */
export const EXTENSIONS = ['.js', '.mjs', '.cjs'];

/**
 * Splits `dist/index.handler` into the file `dist/index` and its export `handler`. Without a dot
 * there is no file.
 */
export function splitHandler(handler: string): { file: string; name: string } {
  const dot = Math.max(0, handler.lastIndexOf('.'));
  return { file: handler.slice(0, dot), name: handler.slice(dot + 1) };
}

/** Returns the file of a handler, or undefined when no file with one of the extensions exists. */
export function handlerFile(
  codeDir: string,
  handler: string,
  extensions: readonly string[] = EXTENSIONS,
): string | undefined {
  const { file } = splitHandler(handler);
  return extensions.map((extension) => join(codeDir, file + extension)).find(existsSync);
}

/** Handlers that have been loaded, by name: a call is not to look for their files again. */
const loaded = new Map<string, Callable>();

/**
 * Loads the bundle unchanged, as CommonJS or as an ES module, and returns the export. Node caches
 * both kinds of module, so a second handler of the same file gets the same instance of it.
 */
export async function loadHandler(codeDir: string, handler: string): Promise<Callable> {
  const known = loaded.get(handler);
  if (known) return known;
  const { file, name } = splitHandler(handler);
  const path = handlerFile(codeDir, handler);
  if (!path)
    throw new Error(`Module '${join(codeDir, file)}' is missing: put the built code there`);

  const module = await loadModule(path);
  const found = module[name];
  if (typeof found === 'function') {
    loaded.set(handler, found as Callable);
    return found as Callable;
  }
  const exported = Object.keys(module).join(', ') || 'nothing';
  throw new Error(
    `Handler '${name}' is missing on module '${path}', which exports ${exported}: export it, or name another under handler in s.yaml`,
  );
}

async function loadModule(path: string): Promise<Record<string, unknown>> {
  if (path.endsWith('.mjs')) return import(pathToFileURL(path).href);
  try {
    return createRequire(path)(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!/^ERR_REQUIRE_(ESM|ASYNC_MODULE)$/.test(code)) throw error;
    return import(pathToFileURL(path).href);
  }
}
