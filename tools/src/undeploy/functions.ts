import type { Functions } from '../cloud/functions.ts';
import type { Patience } from '../command-line/io.ts';

/** What still exists of a function after its removal. */
export interface Remains {
  functionName: string;
  /** `the function`, `trigger "http"`. */
  what: string;
  /** Why it cannot be deleted, in FC's words. */
  reason: string;
}

/** FC's report of a deletion is trusted for this long; what exists after that counts as left. */
const SETTLE_MS = 20_000;
const POLL_MS = 2000;

/**
 * Asks FC whether functions and their triggers are gone, and tries to delete those that are not: the deploy
 * tool (fc3 0.1.22) swallows a refusal and ends with 0. Resolves to what FC refuses to delete. Rejects with
 * a ServiceError when FC cannot be asked.
 */
export async function remainsOf(
  functionNames: readonly string[],
  functions: Functions,
  patience: Patience,
): Promise<Remains[]> {
  const remains: Remains[] = [];
  for (const functionName of functionNames)
    remains.push(...(await deleteOne(functionName, functions, patience)));
  return remains;
}

async function deleteOne(
  functionName: string,
  functions: Functions,
  { now, wait }: Patience,
): Promise<Remains[]> {
  if ((await functions.get(functionName)) === undefined) return [];
  const remains: Remains[] = [];
  for (const { triggerName } of await functions.triggers(functionName)) {
    const trigger = String(triggerName);
    const reason = await reasonOf(() => functions.deleteTrigger(functionName, trigger));
    if (reason !== undefined) remains.push({ functionName, what: `trigger "${trigger}"`, reason });
  }
  const refused = await reasonOf(() => functions.deleteFunction(functionName));
  if (refused !== undefined)
    return [...remains, { functionName, what: 'the function', reason: refused }];
  for (const until = now() + SETTLE_MS; now() < until; await wait(POLL_MS))
    if ((await functions.get(functionName)) === undefined) return [];
  const reason = 'FC has taken the deletion, and still has it';
  return [...remains, { functionName, what: 'the function', reason }];
}

async function reasonOf(deletion: () => Promise<void>): Promise<string | undefined> {
  try {
    await deletion();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
