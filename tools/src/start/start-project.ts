import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  addresses,
  DEFAULTS,
  debuggerLine,
  formatAddresses,
  type LocalCloud,
  LocalCloudError,
  type LocalCloudOptions,
  type LogLine,
  startLocalCloud,
} from 'fc-local';
import { type BuiltFunction, build } from '../build/build.ts';
import { explain } from '../command-line/explain.ts';
import { complain, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { localVariables, whomTheyLetIn } from '../demo/http-auth.ts';
import { httpTriggerUrl, PUBLISHER } from '../demo/parts.ts';
import { lookFromOutside } from '../demo/queue-look.ts';
import { runDemo } from '../demo/run-demo.ts';
import { formatTrace } from '../demo/trace.ts';
import { traceAddress } from '../demo/trace-address.ts';
import { functionNames } from '../project/function-names.ts';
import { watchFunctions } from './watch-functions.ts';

/** Fewer than a client may see in a queue. */
const DEMO_ORDERS = 2;

type Inspect = NonNullable<LocalCloudOptions['inspect']>;

export interface StartOptions {
  inspect?: Inspect | undefined;
  /** True makes HTTP triggers require a signature, as deployed; by default they let anyone in. */
  signed?: boolean;
  /** Options that differ from a cloud on the usual ports. */
  cloud?: LocalCloudOptions;
}

/**
 * Builds the project, starts it in a local cloud on the usual ports, runs the demo and watches the sources.
 * Resolves, once everything is up, to a function that stops it. Throws UsageError for a function to inspect
 * that does not exist, and what a build and a start throw.
 */
export async function startProject(
  session: Session,
  { inspect, signed = false, cloud: other = {} }: StartOptions = {},
): Promise<() => Promise<void>> {
  const { project } = session;
  const built = await build(project);
  if (built.length > 0) print(session, `Built ${built.map(({ name }) => name).join(', ')}`);
  if (inspect) checkInspected(inspect, built);
  const wanted: LocalCloudOptions = {
    ...DEFAULTS,
    data: join(project, DEFAULTS.data),
    project,
    variables: localVariables(project, session.env, signed),
    console: true,
    // Reloads what is rebuilt, and what s.yaml and the template say; the sources are watched below.
    reload: true,
    ...(inspect && { inspect }),
    ...other,
  };
  const lines: LogLine[] = [];
  let show = (line: LogLine): void => void lines.push(line);
  print(session, 'Starting the local cloud');
  const cloud = await startLocalCloud(wanted, {
    onLog: (line) => show(line),
    onProgress: (line) => print(session, line),
  });
  for (const warning of cloud.project?.warnings ?? []) complain(session, `warning: ${warning}`);

  print(session, `${await demo(cloud, lines)}\n`);
  show = ({ functionName, text }) => print(session, `${functionName}  ${text}`);
  print(session, formatAddresses(addresses(cloud, wanted)));
  const whom = whomTheyLetIn(cloud);
  if (whom) print(session, whom);
  if (inspect) print(session, debuggerLine(inspect));
  const url = httpTriggerUrl(cloud, PUBLISHER);
  if (url) print(session, tryIt(url, signed));

  const stopWatching = watch(session, built);
  return async () => {
    stopWatching();
    await cloud.close();
  };
}

function checkInspected({ functionName }: Inspect, built: readonly BuiltFunction[]): void {
  const names = built.map(({ name }) => name);
  if (!names.includes(functionName))
    throw new UsageError(`--inspect is "${functionName}"; give one of ${names.join(', ')}`);
}

/** Returns the demo's trace; in a project without the sample functions, which of them it lacks. */
async function demo(cloud: LocalCloud, lines: readonly LogLine[]): Promise<string> {
  try {
    const look = lookFromOutside(cloud);
    const result = await runDemo(cloud, { count: DEMO_ORDERS, lines, look });
    const trace = traceAddress(cloud, result);
    return `${formatTrace(result)}${trace === undefined ? '' : `\nThe way of the first order: ${trace}`}`;
  } catch (error) {
    if (error instanceof LocalCloudError && error.code === 'DemoIncomplete')
      return `No demo: ${error.message}`;
    throw error;
  }
}

/**
 * Rebuilds each function whose source changes, and new ones; the cloud deploys what that changes. Returns a
 * function that stops it.
 */
function watch(session: Session, built: readonly BuiltFunction[]): () => void {
  const { project } = session;
  return watchFunctions({
    root: project,
    built,
    onError: async (error) => complain(session, `error: ${await explain(error)}`),
    names: async () => (await functionNames(project)).filter(hasEntry(project)),
    async rebuild(names) {
      const rebuilt = await build(project, names);
      print(session, `built ${names.join(', ')}`);
      return rebuilt;
    },
  });
}

/** Whether a function has its entry file: a new one may not have it yet. */
function hasEntry(project: string): (name: string) => boolean {
  return (name) => existsSync(join(project, 'functions', name, 'index.ts'));
}

/** Returns a line to paste. What it sends is stored at the next tick of queue-consumer's timer. */
function tryIt(url: string, signed: boolean): string {
  const order = '{"id":"my-order-1","customer":"Ada","items":[{"sku":"tea","quantity":2}]}';
  const line = signed
    ? `eval "$(npx fc-local env)" && npx fc-templates call topic-publisher --url ${url} --body '${order}'`
    : `curl -d '${order}' ${url}`;
  return `
Try it (queue-consumer stores it within a minute; Ctrl-C stops):

  ${line}
`;
}
