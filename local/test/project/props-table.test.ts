import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  FUNCTION_PROPS,
  type PropsTable,
  TRIGGER_CONFIGS,
  TRIGGER_PROPS,
} from '#src/project/props-table';
import { oneFunction, readFiles } from './project-folder.ts';

interface Listed {
  /** Every property of a function, `a.b` for those of a map; a list's items are `a[]`. */
  function: string[];
  trigger: string[];
  /** By the type of the trigger. */
  triggerConfig: Record<string, string[]>;
}

/** Names in the component fc3 and its documentation. */
const listed = JSON.parse(
  readFileSync(new URL('../fixtures/fc3-properties.json', import.meta.url), 'utf8'),
) as Listed;

/**
 * Returns how a property is treated: by its own entry, or by that of a map around it which is not
 * read itself.
 */
function treatmentOf(table: PropsTable | 'left out', path: string): string | undefined {
  let at: PropsTable[string] | undefined = table;
  for (const key of path.split(/\.|\[\]\.?/).filter(Boolean)) {
    if (typeof at === 'string') return at;
    at = at !== undefined && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return typeof at === 'object' ? 'read' : at;
}

describe('every property that the component fc3 knows', () => {
  it.each(listed.function)('%s of a function is treated', (path) => {
    expect(treatmentOf(FUNCTION_PROPS, path)).toMatch(/^(read|no effect|no meaning|left out)$/);
  });

  it.each(listed.trigger)('%s of a trigger is treated', (path) => {
    expect(treatmentOf(TRIGGER_PROPS, path)).toMatch(/^(read|no effect|no meaning|left out)$/);
  });

  it.each(
    Object.entries(listed.triggerConfig).flatMap(([type, paths]) =>
      ['', ...paths].map((path) => [type, path] as const),
    ),
  )('of a trigger %s, "%s" of its triggerConfig is treated', (type, path) => {
    expect(Object.keys(TRIGGER_CONFIGS)).toContain(type);
    const table = TRIGGER_CONFIGS[type] ?? {};
    expect(treatmentOf(table, path)).toMatch(/^(read|no effect|no meaning|left out)$/);
  });
});

describe('a property at the top of a function', () => {
  const of = (treatment: string) =>
    Object.entries(FUNCTION_PROPS).flatMap(([key, one]) => (one === treatment ? [key] : []));

  it.each(of('no effect'))('%s is warned of, and the function runs', async (key) => {
    const { functions, warnings } = await readFiles(oneFunction(`${key}: { a: b }`));
    expect(functions).toHaveLength(1);
    expect(warnings).toEqual([`s.yaml:12: Function "one": ${key} has no effect here`]);
  });

  it.each(of('no meaning'))('%s is not spoken of, and the function runs', async (key) => {
    const { functions, warnings } = await readFiles(oneFunction(`${key}: { a: b }`));
    expect(functions).toHaveLength(1);
    expect(warnings).toEqual([]);
  });
});
