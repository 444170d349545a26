import { AuthConfigFault, readAuthConfig, readJwtConfig } from '../fc/triggers/http-jwt-config.ts';
import type { FunctionSpec, LeftOut, Project } from '../project/types.ts';

/**
 * Returns the project without the HTTP triggers whose authConfig the gateway cannot use: each is
 * left out with its reason. With `strict`, throws a LocalCloudError for the first.
 */
export function withUsableTriggers(project: Project, strict: boolean): Project {
  const leftOut: LeftOut[] = [];
  const functions = project.functions.map((fn) => {
    const triggers = fn.triggers.filter((trigger) => {
      if (trigger.type !== 'http' || trigger.authType !== 'jwt') return true;
      if (strict) readJwtConfig(trigger);
      const fault = faultOf(trigger.authConfig);
      if (fault) leftOut.push(unusable(fn, trigger, fault));
      return !fault;
    });
    return triggers.length < fn.triggers.length ? { ...fn, triggers } : fn;
  });
  if (leftOut.length === 0) return project;
  return { ...project, functions, leftOut: [...(project.leftOut ?? []), ...leftOut] };
}

function faultOf(authConfig: unknown): AuthConfigFault | undefined {
  try {
    readAuthConfig(authConfig);
    return undefined;
  } catch (error) {
    if (error instanceof AuthConfigFault) return error;
    throw error;
  }
}

function unusable(
  { resource, source }: FunctionSpec,
  trigger: { name: string; source?: string },
  { message, remedy }: AuthConfigFault,
): LeftOut {
  return {
    what: `Trigger "${trigger.name}" of "${resource}"`,
    resource,
    source: trigger.source ?? source,
    reason: `authConfig cannot be used: ${message}`,
    remedy,
  };
}
