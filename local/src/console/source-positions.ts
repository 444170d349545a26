import { readFileSync, statSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { handlerFile } from '../fc/instance/load.ts';
import type { FunctionSpec } from '../project/types.ts';

/** `/folder/index.js:12:345`, as in a line of a stack trace, also inside JSON. */
const POSITION = /(?:file:\/\/)?(\/[^\s():"'\\]{1,500}):(\d{1,9}):(\d{1,9})/g;
const MAP_COMMENT = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;

interface Sources {
  map: SourceMap;
  /** Path of the script within the code. */
  script: string;
  /** Base of the relative paths of the map's sources. */
  base: string;
}

interface Kept {
  mtimeMs: number;
  sources: Sources | undefined;
}

/** Source maps by function, for as long as its script is unchanged. */
const kept = new WeakMap<FunctionSpec, Kept>();

/**
 * Returns a text with each position in the function's bundle replaced by that in its source,
 * relative to the working folder. Without a source map the text is unchanged.
 */
export function withSourcePositions(text: string, fn: FunctionSpec): string {
  return text.replace(POSITION, (written, file: string, line: string, column: string) => {
    if (file.includes('/node_modules/')) return written;
    const sources = sourcesOf(fn);
    if (!sources || !file.endsWith(`/${sources.script}`)) return written;
    const entry = sources.map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in entry) || !entry.originalSource) return written;
    const source = new URL(entry.originalSource, pathToFileURL(sources.base));
    if (source.protocol !== 'file:') return written;
    return `${relative(process.cwd(), fileURLToPath(source))}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function sourcesOf(fn: FunctionSpec): Sources | undefined {
  const file = fn.runtimeKind === 'custom' ? undefined : handlerFile(fn.codeDir, fn.handler);
  if (file === undefined) return undefined;
  try {
    const { mtimeMs } = statSync(file);
    const before = kept.get(fn);
    if (before?.mtimeMs === mtimeMs) return before.sources;
    const sources = readSources(fn, file);
    kept.set(fn, { mtimeMs, sources });
    return sources;
  } catch {
    // A trace is readable without its sources: code that was moved or is being built has none.
    return undefined;
  }
}

/**
 * Returns the map that a comment of the script names, or the one that the build put beside the
 * folder.
 */
function readSources(fn: FunctionSpec, file: string): Sources | undefined {
  const script = relative(fn.codeDir, file);
  const named = [...readFileSync(file, 'utf8').matchAll(MAP_COMMENT)].at(-1)?.[1];
  const [, inline] = /^data:[^,]*;base64,(.*)$/.exec(named ?? '') ?? [];
  const beside = named === undefined ? `${fn.codeDir}.js.map` : undefined;
  const path = beside ?? resolve(dirname(file), decodeURIComponent(named ?? ''));
  const base = inline !== undefined || beside !== undefined ? file : path;
  const json = inline === undefined ? readFileSync(path, 'utf8') : Buffer.from(inline, 'base64');
  const { sourceRoot = '', ...payload } = JSON.parse(String(json));
  const sources = payload.sources.map((source: string) => join(sourceRoot, source));
  return { map: new SourceMap({ ...payload, sources, sourceRoot: '' }), script, base };
}
