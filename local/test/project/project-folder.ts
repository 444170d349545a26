import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LocalCloudError } from '#src/errors';
import { type ReadProjectOptions, readProject } from '#src/project/project';
import type { Project } from '#src/project/types';

export type Files = Record<string, string>;

/** Reads a project of those files, written to a folder that is removed afterwards. */
export async function readFiles(
  files: Files,
  options: Partial<ReadProjectOptions> = {},
): Promise<Project> {
  const dir = await mkdtemp(join(tmpdir(), 'project-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), text);
    }
    return await readProject({ env: {}, accountId: '42', ...options, dir });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Returns the error of reading the project strictly: `message: remedy`. */
export async function refusalOf(
  files: Files,
  options: Partial<ReadProjectOptions> = {},
): Promise<string> {
  try {
    await readFiles(files, { ...options, strict: true });
  } catch (error) {
    if (error instanceof LocalCloudError) return `${error.message}: ${error.remedy}`;
    throw error;
  }
  throw new Error('The project was read without a fault');
}

/** Returns the warnings of a project that is read strictly, one on each line. */
export async function warningsOf(files: Files): Promise<string> {
  return (await readFiles(files, { strict: true })).warnings.join('\n');
}

/** Returns an s.yaml of one function, `props` being its lines from line 9 on, indented by six. */
export function oneFunction(props: string, head = ''): Files {
  const text = `edition: 3.0.0
name: app
${head}resources:
  one:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: one
      runtime: nodejs20
      code: ./dist/one
      handler: index.handler
${indent(props, 6)}
`;
  return { 's.yaml': text };
}

/**
 * Returns an s.yaml of one stack and the template that it names, \`resources\` being the lines
 * under Resources.
 */
export function oneStack(resources: string, rest = ''): Files {
  return {
    's.yaml': `edition: 3.0.0
name: app
resources:
  infra:
    component: ros
    props:
      region: cn-hangzhou
      name: app
      template: ./infra/template.yaml
`,
    'infra/template.yaml': `ROSTemplateFormatVersion: '2015-09-01'
Resources:
${indent(resources, 2)}
${rest}`,
  };
}

export function indent(text: string, by: number): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `${' '.repeat(by)}${line}`)
    .join('\n');
}

/** A resource of a stack: a queue `q`. */
export const QUEUE = `Queue:
  Type: ALIYUN::MNS::Queue
  Properties:
    QueueName: q`;

/** Returns a queue whose name is that value, with parameters and conditions beside it. */
export function named(name: string, rest = '') {
  return oneStack(
    `Queue:\n  Type: ALIYUN::MNS::Queue\n  Properties:\n    QueueName: ${name}`,
    rest,
  );
}
