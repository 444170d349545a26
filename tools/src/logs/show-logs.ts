import { getLogs, type LogEntry, MAX_LINES } from '../cloud/logs.ts';
import { CommandError } from '../command-line/command-error.ts';
import { patienceOf, type Session } from '../command-line/io.ts';
import { describedFunction } from '../deploy/deployed-trigger.ts';
import { openDeployment, requireFunctions } from '../deploy/open.ts';

export interface LogsOptions {
  env?: string;
  access?: string;
  request?: string;
  trace?: string;
  /** Minutes to look back. */
  minutes: number;
}

export interface ShownLogs {
  lines: string[];
  /** Whether there may be more lines than are shown. */
  isCut: boolean;
}

/**
 * Returns the log lines of a deployed function, of one request or one trace if it is named. Throws
 * CommandError for a function without logs, and when SLS refuses.
 */
export async function logsOf(
  name: string,
  { request, trace, minutes, ...options }: LogsOptions,
  session: Session,
): Promise<ShownLogs> {
  const deployment = await openDeployment(options, session);
  requireFunctions(deployment.preview, [name]);
  const { functionName, logConfig } = await describedFunction(name, deployment);
  const { project, logstore } = Object(logConfig) as Record<string, string | undefined>;
  if (!project || !logstore)
    throw new CommandError(
      `The function ${functionName} writes no logs: give it logConfig: auto in s.yaml, and deploy`,
    );
  const to = Math.floor(patienceOf(session).now() / 1000);
  const entries = await getLogs(
    {
      project,
      logstore,
      query: queryOf(String(functionName), request, trace),
      from: to - minutes * 60,
      to,
    },
    deployment.account,
  );
  return { lines: entries.map(lineOf), isCut: entries.length >= MAX_LINES };
}

/** Makes a query of FC's fields: functionName is indexed; a request id and a trace id are words of the message. */
function queryOf(functionName: string, request?: string, trace?: string): string {
  const terms = [request, trace].flatMap((one) => (one ? [quoted(one)] : []));
  return [`functionName: ${quoted(functionName)}`, ...terms].join(' and ');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Formats time and message; a line of FC's own keeps its request id in the message. */
function lineOf({ __time__: time = '', message = '' }: LogEntry): string {
  const at = Number(time);
  const when = time === '' || Number.isNaN(at) ? '' : new Date(at * 1000).toISOString();
  return `${when} ${message.trimEnd()}`.trim();
}
