import { isAbsolute } from 'node:path';
import type { Warn } from './findings.ts';
import type { Resource, ServerlessFile } from './serverless-file.ts';

/** The kind of an entry under `resources`, for the local cloud. */
export type ResourceKind = 'function' | 'function of an older component' | 'stack' | 'other';

/**
 * Returns the kind of a resource by its component. A component that is a folder counts as fc3 if
 * its props are a function's.
 */
export function kindOf(resource: Resource, file: ServerlessFile, warn: Warn): ResourceKind {
  const { component, componentAsWritten, key, source } = resource;
  if (component === 'fc3') return 'function';
  if (component === 'ros') return 'stack';
  if (component === 'fc' || component === 'fc-deploy') return 'function of an older component';
  const isFolder = isAbsolute(componentAsWritten) || /^\.{1,2}\//.test(componentAsWritten);
  const props = isFolder ? file.merged(resource).entries : undefined;
  if (props?.has('runtime') && props.has('functionName')) {
    warn(source, `Resource "${key}": its component is a folder, and is treated as fc3`);
    return 'function';
  }
  warn(source, `Resource "${key}": component ${component} has no effect here`);
  return 'other';
}
