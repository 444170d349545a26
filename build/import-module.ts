const ANY_IMPORT = /\bimport\(/g;
const IMPORT_OF_NAME = /\bimport\((?=")/g;

/**
 * Returns CommonJS code with `importModule()` in place of each `import()`, of which esbuild has reported
 * `count`. Throws an Error if more than these look like one: a text would be changed, and an import of what
 * is known only when it runs could not be replaced.
 */
export function withImportModule(code: string, count: number): string {
  const all = code.match(ANY_IMPORT)?.length ?? 0;
  const named = code.match(IMPORT_OF_NAME)?.length ?? 0;
  if (all === count && named === count) return code.replaceAll(IMPORT_OF_NAME, 'importModule(');
  throw new Error(
    `Of ${all} "import(" in the bundle ${count} are imports, and ${named} are followed by a name: import packages by their names, and write no text so`,
  );
}
