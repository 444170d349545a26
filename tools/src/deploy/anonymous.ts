import type { Project } from 'fc-local/project';
import { complain, type Session } from '../command-line/io.ts';
import type { PreviewedResource } from '../deploy-tool/preview.ts';
import { environmentType } from '../project/environments.ts';

const LETS_IN =
  'lets in anyone who knows its address: authType function requires a signature, jwt a token';

/** Returns each HTTP trigger that lets anyone in, as `key/trigger`. */
export function anonymousTriggers(functions: Record<string, PreviewedResource>): string[] {
  return Object.entries(functions).flatMap(([key, { props }]) =>
    (Array.isArray(props.triggers) ? (props.triggers as Record<string, unknown>[]) : [])
      .filter(({ triggerType, triggerConfig }) => {
        const { authType = 'anonymous' } = Object(triggerConfig);
        return triggerType === 'http' && authType === 'anonymous';
      })
      .map(({ triggerName }) => `${key}/${triggerName}`),
  );
}

/** Returns a line for each HTTP trigger that lets anyone in, by s.yaml alone. */
export function anonymousNotes({ functions }: Pick<Project, 'functions'>): string[] {
  return functions.flatMap(({ resource, triggers }) =>
    triggers.flatMap((one) =>
      one.type === 'http' && one.authType === 'anonymous'
        ? [`${one.source ?? 's.yaml'}: ${resource}/${one.name} ${LETS_IN}`]
        : [],
    ),
  );
}

/** Warns of them, except in an environment of type testing. */
export function warnOfAnonymous(
  functions: Record<string, PreviewedResource>,
  environment: string | undefined,
  session: Session,
): void {
  if (environmentType(session.project, environment) === 'testing') return;
  for (const name of anonymousTriggers(functions)) complain(session, `warning: ${name} ${LETS_IN}`);
}
