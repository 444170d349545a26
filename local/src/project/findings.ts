import { LocalCloudError } from '../errors.ts';
import { isUnknownHere, ProjectError } from './invalid-project.ts';
import type { LeftOut } from './types.ts';

/** Says that something at a place has no effect here, or another than in the cloud. */
export type Warn = (source: string, sentence: string) => void;

/** What reading a project finds besides what is run: warnings, and what is left out with its reason. */
export class Findings {
  readonly warnings: string[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #strict: boolean;

  /** `strict`: the first thing that would be left out is thrown. */
  constructor(strict: boolean) {
    this.#strict = strict;
  }

  /** A sentence about a place; one that has been said is not said again. */
  readonly warn: Warn = (source, sentence) => {
    const warning = `${source}: ${sentence}`;
    if (!this.warnings.includes(warning)) this.warnings.push(warning);
  };

  /** The result of `read`, or undefined when it throws a LocalCloudError: then `what` is left out for that reason. */
  attempt<Result>(
    place: { what: string; resource: string; source: string },
    read: () => Result,
  ): Result | undefined {
    const before = this.warnings.length;
    try {
      return read();
    } catch (error) {
      // What does not run needs no warnings of what has no effect.
      this.warnings.length = before;
      if (this.#strict || !(error instanceof LocalCloudError)) throw error;
      const { source, reason } =
        error instanceof ProjectError ? error : { ...place, reason: error.message };
      this.leftOut.push({ ...place, source, reason, remedy: error.remedy });
      return undefined;
    }
  }

  /** The result of `read` in a list. A fault of a template's resource is warned of, and with `strict` what the cloud would refuse too is thrown; the list is empty then. */
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

/** The error in the words of a warning: reason and remedy. */
export function sentenceOf(error: ProjectError): string {
  return `${error.reason}: ${error.remedy}`;
}
