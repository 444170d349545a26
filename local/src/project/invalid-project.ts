import { LocalCloudError } from '../errors.ts';

/** `source` is the place, `s.yaml:37`; `what` is wrong there. */
export function invalidProject(source: string, what: string, remedy: string): LocalCloudError {
  return new LocalCloudError('InvalidProject', `${source}: ${what}`, remedy);
}

/** As invalidProject, for what the cloud knows and the local cloud does not. */
export function unsupported(source: string, what: string, remedy: string): LocalCloudError {
  return new LocalCloudError('UnsupportedInProject', `${source}: ${what}`, remedy);
}
