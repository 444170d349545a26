import { LocalCloudError } from '../errors.ts';
import type { LocalCloudOptions } from '../options.ts';
import type { Project } from '../project/types.ts';
import { functionOf } from './credentials.ts';

/**
 * Throws LocalCloudError for a function to debug that does not exist, or does not run on Node.js.
 */
export function checkInspected(
  project: Project | undefined,
  inspect: LocalCloudOptions['inspect'],
): void {
  if (!inspect) return;
  const isNode = ({ runtimeKind = 'node' }: { runtimeKind?: string }) => runtimeKind === 'node';
  const names = (project?.functions ?? []).filter(isNode).map(({ resource }) => resource);
  const fn = functionOf(project, inspect.functionName);
  if (fn && isNode(fn)) return;
  throw new LocalCloudError(
    'CannotInspect',
    fn
      ? `Function "${inspect.functionName}" runs on ${fn.runtime}, which has no debugger here`
      : `There is no function "${inspect.functionName}" to debug`,
    names.length > 0 ? `give one of ${names.join(', ')}` : 'there is no function on Node.js',
  );
}
