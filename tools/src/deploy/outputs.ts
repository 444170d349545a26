/**
 * Matches an output of another resource. Only a deployment fills it in; every other command of the deploy
 * tool fails on it.
 */
const OUTPUT = /\$\{resources\.([^{}.]+)\.output\.([^{}]+)\}/g;

/** Returns what replaces an output; undefined leaves it. */
export type OutputOf = (resource: string, name: string) => string | undefined;

/** Returns the value with each output in each of its texts replaced. */
export function withOutputs(value: unknown, outputOf: OutputOf): unknown {
  if (typeof value === 'string')
    return value.replace(OUTPUT, (all, resource, name) => outputOf(resource, name) ?? all);
  if (Array.isArray(value)) return value.map((one) => withOutputs(one, outputOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withOutputs(one, outputOf)]),
  );
}

/** Returns the outputs that are still to be filled in, as they are written, each once. */
export function outputsIn(value: unknown): string[] {
  const found = new Set<string>();
  withOutputs(value, (resource, name) => {
    found.add(`\${resources.${resource}.output.${name}}`);
    return undefined;
  });
  return [...found];
}
