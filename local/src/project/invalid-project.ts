import { LocalCloudError } from '../errors.ts';

/** An error at a place in the project's files. */
export class ProjectError extends LocalCloudError {
  /** The place, `s.yaml:37`. */
  readonly source: string;
  /** The error at that place. */
  readonly reason: string;

  constructor(code: ProjectErrorCode, source: string, reason: string, remedy: string) {
    super(code, `${source}: ${reason}`, remedy);
    this.source = source;
    this.reason = reason;
  }
}

/** Whether the cloud would refuse it, or it is only unknown on this machine. */
export type ProjectErrorCode = 'InvalidProject' | 'UnsupportedInProject';

/** Returns an error: `source` is the place, `s.yaml:37`; `what` is wrong there. */
export function invalidProject(source: string, what: string, remedy: string): ProjectError {
  return new ProjectError('InvalidProject', source, what, remedy);
}

/** Like invalidProject, for a value that the cloud knows and the local cloud does not. */
export function unsupported(source: string, what: string, remedy: string): ProjectError {
  return new ProjectError('UnsupportedInProject', source, what, remedy);
}

/** Returns whether the error is only that something is known in the cloud and not here. */
export function isUnknownHere(error: unknown): error is ProjectError {
  return error instanceof ProjectError && error.code === 'UnsupportedInProject';
}
