import { LocalCloudError } from '../errors.ts';
import { isUnknownHere, ProjectError } from './invalid-project.ts';
import type { LeftOut } from './types.ts';

/** Warns that something at a place has no effect here, or another one than in the cloud. */
export type Warn = (source: string, sentence: string) => void;

/** Findings of reading a project: warnings, and what is left out with its reason. */
export class Findings {
  readonly warnings: string[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #strict: boolean;

  /** `strict`: throws for the first thing that would be left out. */
  constructor(strict: boolean) {
    this.#strict = strict;
  }

  /** Adds a warning about a place; a repeated one is dropped. */
  readonly warn: Warn = (source, sentence) => {
    const warning = `${source}: ${sentence}`;
    if (!this.warnings.includes(warning)) this.warnings.push(warning);
  };

  /**
   * Returns the result of `read`, or undefined when it throws a LocalCloudError: then `what` is
   * left out for that reason.
   */
  attempt<Result>(
    place: { what: string; resource: string; source: string },
    read: () => Result,
  ): Result | undefined {
    const before = this.warnings.length;
    try {
      return read();
    } catch (error) {
      // What does not run needs no warnings about what has no effect.
      this.warnings.length = before;
      if (this.#strict || !(error instanceof LocalCloudError)) throw error;
      const { source, reason } =
        error instanceof ProjectError ? error : { ...place, reason: error.message };
      this.leftOut.push({ ...place, source, reason, remedy: error.remedy });
      return undefined;
    }
  }

  /**
   * Returns the result of `read` in a list. Warns of an error in a template's resource, or with
   * `strict` throws one that the cloud would report too; the list is empty then.
   */
  made<Result>(owner: string, read: () => Result): Result[] {
    try {
      return [read()];
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      if (this.#strict && !isUnknownHere(error)) throw error;
      this.warn(error.source, `${owner} is not made here: ${error.reason}: ${error.remedy}`);
      return [];
    }
  }
}

/** Returns the error as a warning: reason and remedy. */
export function sentenceOf(error: ProjectError): string {
  return `${error.reason}: ${error.remedy}`;
}
