import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Preview } from '../deploy-tool/preview.ts';

/** An output of the stack. Only a deployment fills it in; every other command of the deploy tool fails on it. */
const OUTPUT = /\$\{resources\.[^{}]*\}/g;

/**
 * What the deploy tool needs to find what is deployed: s.yaml with everything filled in but the
 * stack's outputs. Functions come first: the tool removes in the order of the file, and functions use
 * the stack's roles and bucket.
 */
export function deployedFile({ resources }: Preview, access: string): Record<string, unknown> {
  const all = Object.entries(resources).map(
    ([key, { component, props }]) => [key, { component, props: withoutOutputs(props) }] as const,
  );
  const isStack = ([, { component }]: (typeof all)[number]) => component === 'ros';
  const inOrder = [...all.filter((one) => !isStack(one)), ...all.filter(isStack)];
  return {
    edition: '3.0.0',
    name: 'deployed',
    access,
    resources: Object.fromEntries(inOrder),
  };
}

function withoutOutputs(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(OUTPUT, 'unknown');
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutOutputs(one)]));
}

/** Writes it to a file for the deploy tool's option -t, gives the path to `use`, and removes the file afterwards. */
export async function withDeployedFile<T>(
  preview: Preview,
  access: string,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  const file = join(folder, 's.yaml');
  try {
    // JSON is YAML.
    await writeFile(file, JSON.stringify(deployedFile(preview, access)));
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
