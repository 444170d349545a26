import { FcError } from '../fc/errors.ts';
import type { FcRuntime, InvocationResult } from '../fc/runtime.ts';
import { httpAnswer } from '../fc/triggers/http-response.ts';
import { EventIndex } from './event-index.ts';
import { asText, parsedObject } from './format.ts';
import type { Excerpt, PastInvocation } from './past-invocation.ts';

/**
 * Number of failed invocations stored for each function, and of successful ones: those must not
 * displace a failure.
 */
const MAX_INVOCATIONS = 100;
const MAX_EXCERPT_BYTES = 64 * 1024;

/** The last invocations of each function since the console started. */
export class History {
  readonly #byFunction = new Map<string, PastInvocation[]>();
  readonly #events = new EventIndex();
  readonly #end: (() => void) | undefined;

  constructor(fc: Pick<FcRuntime, 'observe' | 'httpTriggerUrl'> | undefined) {
    this.#end = fc?.observe(({ functionName, at, event, result, status }) => {
      const { requestId, durationMs, coldStart, instanceId, errorType, ended, body } = result;
      const answered = status ?? statusOf(result, fc.httpTriggerUrl(functionName) !== undefined);
      this.#add({
        functionName,
        requestId,
        at,
        durationMs,
        coldStart,
        ...(instanceId !== undefined && { instanceId }),
        ...(errorType && { errorType }),
        ...(ended && { ended }),
        ...(answered !== undefined && { status: answered }),
        event: excerpt(event),
        answer: excerpt(body),
      });
    });
  }

  /** Returns a function's invocations, latest first. */
  of(functionName: string): readonly PastInvocation[] {
    return this.#byFunction.get(functionName) ?? [];
  }

  /** Returns the invocations of all functions, latest first. */
  latest(limit = Number.POSITIVE_INFINITY): PastInvocation[] {
    const all = [...this.#byFunction.values()].flatMap((some) => some.slice(0, limit));
    return all.sort((a, b) => b.at - a.at).slice(0, limit);
  }

  /** Returns the invocations whose event contains an id, in no order. */
  naming(id: string): PastInvocation[] {
    return this.#events.naming(id);
  }

  /** Removes all invocations. */
  clear(): void {
    this.#byFunction.clear();
    this.#events.clear();
  }

  close(): void {
    this.#end?.();
  }

  #add(invocation: PastInvocation): void {
    const { functionName } = invocation;
    const kept = { failed: 0, done: 0 };
    const within = (one: PastInvocation): boolean => {
      if (++kept[hasFailed(one) ? 'failed' : 'done'] <= MAX_INVOCATIONS) return true;
      this.#events.remove(one);
      return false;
    };
    this.#events.add(invocation);
    this.#byFunction.set(functionName, [invocation, ...this.of(functionName)].filter(within));
  }
}

/** Returns whether it failed: an error, or an answer with the status of one. */
export function hasFailed({ errorType, status = 0 }: PastInvocation): boolean {
  return errorType !== undefined || status >= 500;
}

/**
 * Returns the status in an answer that is an HTTP response, as the HTTP trigger would send it;
 * undefined for any other.
 */
function statusOf(result: InvocationResult, isHttp: boolean): number | undefined {
  const given = result.errorType === undefined && parsedObject(result.body.toString())?.statusCode;
  if (given === undefined || given === false) return undefined;
  try {
    const { status } = httpAnswer(result);
    // An invalid status matters only to an HTTP caller.
    return isHttp || status === given ? status : undefined;
  } catch (error) {
    if (error instanceof FcError) return isHttp ? error.status : undefined;
    throw error;
  }
}

/** Returns the text; undefined if it is not text, or was not stored to its end. */
export function wholeText({ content, size }: Excerpt): string | undefined {
  return content.length === size ? asText(content, { whole: true }) : undefined;
}

/** Copies the beginning: a slice would keep the whole in memory. */
function excerpt(whole: Buffer): Excerpt {
  return { content: Buffer.from(whole.subarray(0, MAX_EXCERPT_BYTES)), size: whole.length };
}
