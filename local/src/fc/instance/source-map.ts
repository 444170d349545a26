import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname } from 'node:path';

/** Node's own, by which every CommonJS module is compiled; its types leave it out. */
interface Compiler {
  _compile(code: string, filename: string): unknown;
}

/**
 * Shows a debugger the sources of the CommonJS bundle in `codeDir` by the map in `mapFile`. The
 * bundle stays as it is deployed, without a word of its map: the map is added to the code on its
 * way into Node, as a data URL, so that its paths are relative to the bundle as esbuild wrote
 * them. Without a map nothing is added.
 */
export function installSourceMap(codeDir: string, mapFile: string): void {
  const compiler = Module.prototype as unknown as Compiler;
  const compile = compiler._compile;
  compiler._compile = function (code, filename) {
    const map = dirname(filename) === codeDir ? mapUrl(mapFile) : undefined;
    const shown = map === undefined ? code : `${code}\n//# sourceMappingURL=${map}\n`;
    return compile.call(this, shown, filename);
  };
}

function mapUrl(mapFile: string): string | undefined {
  try {
    return `data:application/json;base64,${readFileSync(mapFile).toString('base64')}`;
  } catch {
    return undefined;
  }
}
