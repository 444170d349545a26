import { resolve } from 'node:path';
import { stepRunner } from '../build/step-runner.ts';
import { LocalCloudError } from '../errors.ts';
import type { Identities } from '../identities/identities.ts';
import type { LocalCloudOptions } from '../options.ts';
import { sentenceOfLeftOut, withoutLines } from '../project/left-out.ts';
import type { FunctionSpec, LeftOut, Project } from '../project/types.ts';
import { Reloader } from '../reload/reloader.ts';
import { allResources } from '../resources.ts';
import type { Watchdog } from '../watchdog.ts';
import type { Deployment } from './deployment.ts';
import type { ProjectReader } from './project-reader.ts';
import type { Services } from './services.ts';
import type { Closable } from './started.ts';

export interface ReloadingOptions {
  reader: ProjectReader;
  /** The running project, updated in place. */
  project: Project;
  deployment: Deployment;
  identities: Identities;
  services: Services;
  options: LocalCloudOptions;
  watchdog: Watchdog;
  say(line: string): void;
}

/**
 * Keeps the deployment up to date with the project's files as they were at `since`, in milliseconds
 * since the epoch. Reports what cannot be read or built; the previous version continues then.
 */
export async function reloading(all: ReloadingOptions, since: number): Promise<Closable> {
  const { reader, deployment, options, say } = all;
  const folder = resolve(reader.folder);
  const stopped = new AbortController();
  const reloader = new Reloader({
    folder,
    ignored: options.data === undefined ? [] : [resolve(options.data)],
    projectFiles: [options.sYaml ?? [], options.template ?? []]
      .flat()
      .map((file) => resolve(folder, file)),
    functions: () => deployment.declared,
    reread: () => reread(all),
    builder() {
      const build = options.build
        ? stepRunner({
            say,
            verbose: options.verbose === true,
            stopped: stopped.signal,
            watchdog: all.watchdog,
          })
        : undefined;
      return async (fn) => {
        const error = await build?.(fn);
        if (error && !stopped.signal.aborted) say(`not deployed: ${fn.resource}: ${lineOf(error)}`);
        return error === undefined;
      };
    },
    async deploy(fn) {
      const before = deployment.refusal(fn.resource);
      const deployed = await deployment.deploy(fn);
      const refusal = deployment.refusal(fn.resource);
      if (deployed) say(`deployed ${fn.resource}`);
      else if (refusal && (!before || placeless(before) !== placeless(refusal)))
        say(`not deployed: ${sentenceOfLeftOut(refusal)}`);
    },
    onError: (error) => say(`error: ${lineOf(error)}`),
  });
  await reloader.start(since);
  return {
    async close() {
      stopped.abort();
      await reloader.close();
    },
  };
}

/** Applies the project's current state. Resolves to the functions that are new or changed. */
async function reread(all: ReloadingOptions): Promise<FunctionSpec[]> {
  const { reader, project, deployment, identities, services, options, say } = all;
  let next: Project;
  try {
    next = await reader.read();
    for (const role of next.roles) identities.defineRole(role);
  } catch (error) {
    say(`error: ${lineOf(error)}; the previous version continues`);
    return [];
  }
  const before = new Map(deployment.declared.map((fn) => [fn.resource, withoutPlaces(fn)]));
  const gone = [...before.keys()].filter(
    (resource) => !next.functions.some((fn) => fn.resource === resource),
  );
  for (const { name } of project.roles)
    if (!next.roles.some((role) => role.name === name)) identities.removeRole(name);
  const resources = allResources(next, options.resources, options.made);
  await services.smq.service.apply(resources);
  await services.oss.service.apply(resources);
  const unreadable = [...deployment.unreadable];
  deployment.replace(next);
  for (const warning of fresh(next.warnings, project.warnings)) say(`warning: ${warning}`);
  for (const sentence of fresh(
    (next.leftOut ?? []).map(sentenceOfLeftOut),
    unreadable.map(sentenceOfLeftOut),
  ))
    say(`not run: ${sentence}`);
  replaceAll(project.queues, next.queues);
  replaceAll(project.topics, next.topics);
  replaceAll(project.subscriptions, next.subscriptions);
  replaceAll(project.buckets, next.buckets);
  replaceAll(project.roles, next.roles);
  replaceAll(project.warnings, next.warnings);
  if (gone.length > 0) say(`removed ${gone.join(', ')}`);
  return next.functions.filter((fn) => before.get(fn.resource) !== withoutPlaces(fn));
}

/** Returns the sentences that were not reported before; a change of line numbers makes none new. */
function fresh(sentences: readonly string[], before: readonly string[]): string[] {
  const known = new Set(before.map(withoutLines));
  return sentences.filter((one) => !known.has(withoutLines(one)));
}

function placeless(one: LeftOut): string {
  return withoutLines(sentenceOfLeftOut(one));
}

function replaceAll<T>(list: T[], by: readonly T[]): void {
  list.splice(0, list.length, ...by);
}

/** Returns a function's definition without its line numbers. */
function withoutPlaces(fn: FunctionSpec): string {
  return JSON.stringify(fn, (key, value) => (key === 'source' ? undefined : value));
}

function lineOf(error: unknown): string {
  if (error instanceof LocalCloudError) return `${error.message}: ${error.remedy}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
