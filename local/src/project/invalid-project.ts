import { LocalCloudError } from '../errors.ts';

/** A fault at a place of the project's files. */
export class ProjectError extends LocalCloudError {
  /** The place, `s.yaml:37`. */
  readonly source: string;
  /** What is wrong there. */
  readonly reason: string;

  constructor(code: ProjectErrorCode, source: string, reason: string, remedy: string) {
    super(code, `${source}: ${reason}`, remedy);
    this.source = source;
    this.reason = reason;
  }
}

/** Whether the cloud would refuse it, or only this machine does not know it. */
export type ProjectErrorCode = 'InvalidProject' | 'UnsupportedInProject';

/** `source` is the place, `s.yaml:37`; `what` is wrong there. */
export function invalidProject(source: string, what: string, remedy: string): ProjectError {
  return new ProjectError('InvalidProject', source, what, remedy);
}

/** As invalidProject, for what the cloud knows and the local cloud does not. */
export function unsupported(source: string, what: string, remedy: string): ProjectError {
  return new ProjectError('UnsupportedInProject', source, what, remedy);
}

/** Whether the fault is only that something is known in the cloud and not here. */
export function isUnknownHere(error: unknown): error is ProjectError {
  return error instanceof ProjectError && error.code === 'UnsupportedInProject';
}
