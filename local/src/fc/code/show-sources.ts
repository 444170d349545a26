import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface ShowSourcesOptions {
  /** The folder that was copied. */
  from: string;
  /**
   * Path in it of the file whose map is `<from>.js.map`: a build may put the map of its bundle
   * there.
   */
  bundle: string | undefined;
}

interface SourceMap {
  version: number;
  sources: string[];
  sourceRoot?: string;
}

const SCRIPT = /\.[cm]?js$/;
const MAP_COMMENT = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;

/**
 * Lets a debugger show, and set breakpoints in, the files from which a function's code was copied:
 * each script of the copy gets a source map with absolute addresses as its last line. It is the
 * script's own map where the build left one, else one that maps to the same line of the copied
 * script. Files under node_modules are unchanged.
 */
export async function showSources(copy: string, options: ShowSourcesOptions): Promise<void> {
  for (const path of await scriptsIn(copy)) {
    const file = join(copy, path);
    const code = await readFile(file, 'utf8');
    const map = (await ownMap(code, path, options)) ?? lineByLine(code, join(options.from, path));
    const url = Buffer.from(JSON.stringify(map)).toString('base64');
    await chmod(file, 0o644);
    await writeFile(file, `${code}\n//# sourceMappingURL=data:application/json;base64,${url}\n`);
    await chmod(file, 0o444);
  }
}

async function scriptsIn(root: string, folder = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && SCRIPT.test(entry.name)) found.push(path);
    if (entry.isDirectory() && entry.name !== 'node_modules')
      found.push(...(await scriptsIn(root, path)));
  }
  return found;
}

/**
 * Returns the map that a comment in the script names, or that is beside the folder. An unreadable
 * map is ignored.
 */
async function ownMap(
  code: string,
  path: string,
  { from, bundle }: ShowSourcesOptions,
): Promise<SourceMap | undefined> {
  const script = join(from, path);
  const named = [...code.matchAll(MAP_COMMENT)].at(-1)?.[1];
  try {
    if (named?.startsWith('data:')) return whole(await (await fetch(named)).text(), script);
    if (named !== undefined) {
      const file = resolve(dirname(script), decodeURIComponent(named));
      return whole(await readFile(file, 'utf8'), file);
    }
    if (path === bundle) return whole(await readFile(`${from}.js.map`, 'utf8'), script);
  } catch {}
  return undefined;
}

/** Returns a map whose sources are addresses of files, so that it is valid anywhere. */
function whole(text: string, base: string): SourceMap {
  const { sourceRoot = '', ...map }: SourceMap = JSON.parse(text);
  const root = sourceRoot && !sourceRoot.endsWith('/') ? `${sourceRoot}/` : sourceRoot;
  const url = pathToFileURL(base);
  return { ...map, sources: map.sources.map((source) => new URL(root + source, url).href) };
}

function lineByLine(code: string, source: string): SourceMap & { names: []; mappings: string } {
  const lines = code.split('\n').length;
  return {
    version: 3,
    sources: [pathToFileURL(source).href],
    names: [],
    mappings: `AAAA${';AACA'.repeat(lines - 1)}`,
  };
}
