import { basename, relative, sep } from 'node:path';
import type { FunctionSpec } from '../project/types.ts';
import { codeDigest } from './code-digest.ts';
import { isHousekeeping, isWithin, watchPath, watchTree } from './watch-tree.ts';

export interface ReloaderOptions {
  /** The folder of s.yaml. */
  folder: string;
  /** Folders in it that the developer does not edit: the data folder. */
  ignored: readonly string[];
  /**
   * Files that determine what is deployed, wherever they are, besides the YAML, JSON and .env files
   * of the project.
   */
  projectFiles: readonly string[];
  /** All functions, including those that could not be deployed. */
  functions(): readonly FunctionSpec[];
  /** Reads the project again and applies it. Resolves to the functions to build and deploy. */
  reread(): Promise<readonly FunctionSpec[]>;
  /**
   * Returns a builder that runs the steps of one function at a time, equal ones once. It resolves
   * to whether they succeeded.
   */
  builder(): (fn: FunctionSpec) => Promise<boolean>;
  /** Deploys the current code of that function. */
  deploy(fn: FunctionSpec): Promise<void>;
  onError(error: unknown): void;
}

/** Milliseconds without changes before a round: editors write a file in several steps. */
const QUIET_MS = 60;

/** Milliseconds after a build in which its last changes still arrive from the file system. */
const SETTLE_MS = 60;

/**
 * Deploys functions again when their code, its sources or the project's files change. Rounds run in
 * sequence.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #changed = new Set<string>();
  /** Files among the sources that steps write: they are no reason to build again. */
  readonly #written = new Set<string>();
  readonly #digests = new Map<string, string | undefined>();
  readonly #code = new Map<string, () => void>();
  #stopTree: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #closed = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /**
   * Starts to watch, and records the current code. Changes since that time, in milliseconds since the
   * epoch, are handled as if they came later.
   */
  async start(since?: number): Promise<void> {
    const { folder, projectFiles } = this.#options;
    const recording = this.#record();
    this.#round = recording;
    const onChange = (path: string) => this.#see(path);
    const stops = [
      watchTree(folder, (path) => this.#skips(path), onChange, since),
      ...projectFiles.map((file) => watchPath(file, folder, () => true, onChange, since)),
    ];
    this.#stopTree = () => stops.forEach((stop) => void stop());
    this.#watchCode(since);
    await recording;
    this.#round = undefined;
    if (this.#changed.size > 0 && !this.#closed) this.#begin();
  }

  /** Records the code of each function, except where it has changed meanwhile. */
  async #record(): Promise<void> {
    // After what is watched has been set up.
    await turn();
    const functions = this.#options.functions();
    for (const { resource, codeDir } of functions)
      this.#digests.set(resource, await codeDigest(codeDir, this.#options.ignored));
    // The system's reports of all changes so far have arrived after two turns.
    await turn();
    await turn();
    for (const { resource, codeDir } of functions)
      if ([...this.#changed].some((path) => isWithin(codeDir, path)))
        this.#digests.set(resource, 'changed');
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stopTree();
    for (const stop of this.#code.values()) stop();
    await this.#round;
  }

  #skips(path: string): boolean {
    const { ignored } = this.#options;
    return isHousekeeping(path) || basename(path) === 'dist' || ignored.includes(path);
  }

  /**
   * Watches the code separately from the project: it may be in a folder that the project's watch
   * skips, or outside.
   */
  #watchCode(since?: number): void {
    const wanted = new Set(this.#options.functions().map(({ codeDir }) => codeDir));
    for (const [path, stop] of this.#code)
      if (!wanted.has(path)) {
        stop();
        this.#code.delete(path);
      }
    const { folder, ignored } = this.#options;
    const onChange = (changed: string) => this.#see(changed);
    const skips = (path: string) => isHousekeeping(path) || ignored.includes(path);
    for (const path of wanted)
      if (!this.#code.has(path))
        this.#code.set(path, watchPath(path, folder, skips, onChange, since));
  }

  #see(path: string): void {
    this.#changed.add(path);
    if (this.#round) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), QUIET_MS);
    this.#timer.unref();
  }

  #begin(): void {
    this.#round = this.#rounds()
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => {
        this.#round = undefined;
        if (this.#changed.size > 0 && !this.#closed) this.#begin();
      });
  }

  /**
   * Runs rounds while files change. A file that a step rewrites each time is the step's work, not
   * the developer's.
   */
  async #rounds(): Promise<void> {
    let before = new Set<string>();
    while (this.#changed.size > 0 && !this.#closed) {
      const files = [...this.#changed].filter((file) => !this.#written.has(file));
      this.#changed.clear();
      const built = await this.#handle(files);
      if (!built) {
        before = new Set();
        continue;
      }
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      for (const file of this.#changed)
        if (before.has(file) || this.#isCode(file)) {
          if (!this.#isCode(file)) this.#written.add(file);
          this.#changed.delete(file);
        }
      before = new Set(this.#changed);
    }
  }

  /** Resolves to whether a step was run. */
  async #handle(files: readonly string[]): Promise<boolean> {
    if (files.length === 0) return false;
    const { functions, reread, folder } = this.#options;
    const anew = files.some((file) => this.#isProjectFile(file)) ? await reread() : [];
    if (anew.length > 0) this.#watchCode();
    const sources = files.filter((file) => !this.#isCode(file));
    const affected = functions().filter(({ buildSteps = [], resource }) => {
      if (anew.some((fn) => fn.resource === resource)) return true;
      return sources.some((file) => buildSteps.some(({ path }) => isWithin(path, file)));
    });
    const nearest = affected.filter(
      (fn) => anew.includes(fn) || sources.some((file) => names(relative(folder, file), fn)),
    );
    const rest = affected.filter((fn) => !nearest.includes(fn));
    const forced = new Set(anew.map(({ resource }) => resource));

    const touched = functions().filter(
      (fn) => !affected.includes(fn) && files.some((file) => isWithin(fn.codeDir, file)),
    );
    await this.#deploy([...touched, ...nearest.filter(hasNoSteps)], forced);
    // A step may read what seems to belong to another function by its name: all are checked, after
    // those that the developer waits for.
    const build = this.#options.builder();
    const toBuild = [...nearest.filter(hasSteps), ...rest];
    for (const fn of toBuild) {
      if (this.#closed) break;
      if (await build(fn)) await this.#deploy([fn], forced);
    }
    return toBuild.length > 0;
  }

  async #deploy(functions: readonly FunctionSpec[], forced: ReadonlySet<string>): Promise<void> {
    for (const fn of functions) {
      if (this.#closed) return;
      const digest = await codeDigest(fn.codeDir, this.#options.ignored);
      if (digest === this.#digests.get(fn.resource) && !forced.has(fn.resource)) continue;
      this.#digests.set(fn.resource, digest);
      await this.#options.deploy(fn);
    }
  }

  /** Returns whether a function's steps made a file, as far as its path shows that. */
  #isCode(file: string): boolean {
    return this.#options
      .functions()
      .some(
        (fn) =>
          hasSteps(fn) &&
          isWithin(fn.codeDir, file) &&
          !(fn.buildSteps ?? []).some(({ path }) => isWithin(fn.codeDir, path)),
      );
  }

  #isProjectFile(file: string): boolean {
    if (this.#options.projectFiles.includes(file)) return true;
    if (!isWithin(this.#options.folder, file)) return false;
    return /\.(ya?ml|json)$|^\.env/.test(basename(file)) && !this.#isCode(file);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function hasSteps({ buildSteps = [] }: FunctionSpec): boolean {
  return buildSteps.length > 0;
}

function hasNoSteps(fn: FunctionSpec): boolean {
  return !hasSteps(fn);
}

/**
 * Returns whether a part of the path is named like the function in s.yaml, or like the folder of
 * its code.
 */
function names(path: string, { resource, codeDir }: FunctionSpec): boolean {
  const parts = path.split(sep);
  return parts.includes(resource) || parts.includes(basename(codeDir));
}
