import { complain, type Session } from '../command-line/io.ts';
import { type Preview, stacksIn } from '../deploy-tool/preview.ts';
import { environmentType } from '../project/environments.ts';

/** The parameter that turns on a stack's alarms, if its template has it. */
const PARAMETER = 'AlarmEmail';

/** Warns, in an environment of type production, of a stack that can have alarms and has none. */
export function warnOfNoAlarms(
  preview: Preview,
  environment: string | undefined,
  session: Session,
): void {
  if (environmentType(session.project, environment) !== 'production') return;
  for (const [key, { props }] of Object.entries(stacksIn(preview)))
    if (Object(props.parameters)[PARAMETER] === '')
      complain(
        session,
        `warning: ${key} is deployed without alarms: give its parameter ${PARAMETER} (in s.yaml) the address that CloudMonitor writes to`,
      );
}
