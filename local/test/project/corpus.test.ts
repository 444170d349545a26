import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LocalCloudError } from '#src/errors';
import { type ReadProjectOptions, readProject } from '#src/project/project';
import type { FunctionSpec } from '#src/project/types';

/** Projects from practice: each with what is run, warned of and left out, or the refusal. */
const PROJECTS = fileURLToPath(new URL('../fixtures/projects', import.meta.url));

interface Expected {
  /** For a refused project: a part of place, reason and remedy. */
  refused?: string;
  run?: Run[];
  /** Parts of the warnings, in order. */
  warned?: string[];
  /** Parts of the entries left out, with place and reason, in order. */
  leftOut?: string[];
  created?: string[];
}

interface Run {
  resource: string;
  kind: string;
  /** Its code, relative to the project's folder. */
  code: string;
  triggers: string[];
  /** Other fields of the function that the project demonstrates. */
  also?: Partial<FunctionSpec>;
}

const names = readdirSync(PROJECTS);

function json<Value>(name: string, file: string): Value | undefined {
  const path = join(PROJECTS, name, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Value) : undefined;
}

async function outcomeOf(name: string): Promise<Expected & { functions: FunctionSpec[] }> {
  const dir = join(PROJECTS, name);
  const options = json<Partial<ReadProjectOptions>>(name, 'options.json');
  try {
    const project = await readProject({ accountId: '42', env: {}, ...options, dir });
    const { functions, warnings, leftOut = [], created = [] } = project;
    return {
      functions,
      run: functions.map((fn) => ({
        resource: fn.resource,
        kind: fn.runtimeKind ?? 'node',
        code: relative(dir, fn.codeDir),
        triggers: fn.triggers.map((trigger) => `${trigger.type} ${trigger.name}`),
      })),
      warned: warnings,
      leftOut: leftOut.map(({ what, source, reason }) => `${what}, ${source}: ${reason}`),
      created: created.map(({ kind, name: own, source }) => `${kind} ${own}, ${source}`),
    };
  } catch (error) {
    if (!(error instanceof LocalCloudError)) throw error;
    return { functions: [], refused: `${error.message}: ${error.remedy}` };
  }
}

describe('a project', () => {
  it.each(names)('such as %s is read', async (name) => {
    const expected = json<Expected>(name, 'expected.json') ?? {};
    const { functions, ...outcome } = await outcomeOf(name);
    const { run = [], warned = [], leftOut = [], created = [], refused } = expected;

    expect(outcome.refused).toEqual(refused && expect.stringContaining(refused));
    expect(outcome.run ?? []).toEqual(run.map(({ also: _, ...rest }) => rest));
    expect(outcome.warned ?? []).toEqual(warned.map((text) => expect.stringContaining(text)));
    expect(outcome.leftOut ?? []).toEqual(leftOut.map((text) => expect.stringContaining(text)));
    expect(outcome.created ?? []).toEqual(created);
    for (const { resource, also = {} } of run)
      expect(functions.find((fn) => fn.resource === resource)).toMatchObject(also);
  });

  it('is of at least thirty kinds', () => {
    expect(names.length).toBeGreaterThanOrEqual(30);
  });
});
