import type { FunctionSpec } from '../project/types.ts';
import type { Account } from './account.ts';
import { counted } from './format.ts';
import { type History, hasFailed } from './history.ts';
import { type Html, html } from './html.ts';
import { INVOCATION_COLUMNS, invocationRow } from './invocations.ts';
import { table } from './layout.ts';
import { to } from './page.ts';
import type { PastInvocation } from './past-invocation.ts';

const MAX_LATEST = 12;

/**
 * Returns the last invocations, all or by outcome and function. Without a choice, a timer's
 * successful runs are one line.
 */
export function latest(
  { clock, functions }: Account,
  history: History,
  query: URLSearchParams,
): Html {
  const outcome = query.get('outcome') ?? '';
  const chosen = functions.find(({ resource }) => resource === query.get('function'));
  const matches = (one: PastInvocation): boolean =>
    (outcome === '' || hasFailed(one) === (outcome === 'failed')) &&
    (!chosen || one.functionName === chosen.name);
  const found = history.latest().filter(matches);
  const { shown, folded } =
    outcome === '' && !chosen ? withoutTimers(found, functions) : all(found);
  const nameOf = (functionName: string): string =>
    functions.find(({ name }) => name === functionName)?.resource ?? functionName;
  const rows = shown
    .slice(0, MAX_LATEST)
    .map((one) => invocationRow(one, clock.now(), nameOf(one.functionName), { named: true }));
  return html`${choices(functions, outcome, chosen)}
${table(['function', ...INVOCATION_COLUMNS], rows, found.length === folded.size ? 'Nothing was invoked yet.' : 'Nothing else was invoked.')}
${[...folded].map(([name, count]) => html`<p class="dim"><a href="${to('functions', nameOf(name))}">${nameOf(name)}</a>: ${counted(count, 'run')} by a timer went well</p>`)}`;
}

interface Folded {
  shown: readonly PastInvocation[];
  /** Number of runs left out, by the name of the function. */
  folded: ReadonlyMap<string, number>;
}

function all(found: readonly PastInvocation[]): Folded {
  return { shown: found, folded: new Map() };
}

/** Leaves out successful runs of functions that only timers trigger. */
function withoutTimers(
  found: readonly PastInvocation[],
  functions: readonly FunctionSpec[],
): Folded {
  const timed = new Set(
    functions
      .filter(
        ({ triggers }) => triggers.length > 0 && triggers.every(({ type }) => type === 'timer'),
      )
      .map(({ name }) => name),
  );
  const folded = new Map<string, number>();
  const shown = found.filter((one) => {
    if (!timed.has(one.functionName) || hasFailed(one)) return true;
    folded.set(one.functionName, (folded.get(one.functionName) ?? 0) + 1);
    return false;
  });
  return { shown, folded };
}

function choices(
  functions: readonly FunctionSpec[],
  outcome: string,
  chosen: FunctionSpec | undefined,
): Html {
  const option = (value: string, label: string, isChosen: boolean): Html =>
    html`<option value="${value}"${isChosen && html` selected`}>${label}</option>`;
  return html`<form method="get" action="/"><p class="actions"><label>outcome <select name="outcome">${[
    option('', 'any', outcome === ''),
    option('failed', 'failed', outcome === 'failed'),
    option('done', 'done', outcome === 'done'),
  ]}</select></label> <label>function <select name="function">${[
    option('', 'any', !chosen),
    ...functions.map((fn) => option(fn.resource, fn.resource, fn === chosen)),
  ]}</select></label> <button>Show</button></p></form>`;
}
