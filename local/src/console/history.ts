import { FcError } from '../fc/errors.ts';
import type { FcRuntime, InvocationResult } from '../fc/runtime.ts';
import { httpAnswer } from '../fc/triggers/http-response.ts';
import { asText, parsedObject } from './format.ts';

/** The start of an event or an answer. */
export interface Excerpt {
  content: Buffer;
  /** Of the whole, in bytes. */
  size: number;
}

/** One try of an invocation, as the console keeps it. */
export interface PastInvocation {
  functionName: string;
  requestId: string;
  /** Milliseconds since the epoch, of its end. */
  at: number;
  durationMs: number;
  coldStart: boolean;
  instanceId?: string;
  errorType?: string;
  /** How its process ended, where that left it without an answer. */
  ended?: string;
  /** What a caller of its HTTP trigger gets, or would. */
  status?: number;
  event: Excerpt;
  answer: Excerpt;
}

/** Invocations kept of each function that failed, and as many that did not: those must not push a failure out. */
const MAX_INVOCATIONS = 100;
const MAX_EXCERPT_BYTES = 64 * 1024;

/** The last invocations of each function since the console began. */
export class History {
  readonly #byFunction = new Map<string, PastInvocation[]>();
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

  /** Latest first. */
  of(functionName: string): readonly PastInvocation[] {
    return this.#byFunction.get(functionName) ?? [];
  }

  /** Of all functions, latest first. */
  latest(limit = Number.POSITIVE_INFINITY): PastInvocation[] {
    const all = [...this.#byFunction.values()].flatMap((some) => some.slice(0, limit));
    return all.sort((a, b) => b.at - a.at).slice(0, limit);
  }

  /** Forgets all. */
  clear(): void {
    this.#byFunction.clear();
  }

  close(): void {
    this.#end?.();
  }

  #add(invocation: PastInvocation): void {
    const { functionName } = invocation;
    const kept = { failed: 0, done: 0 };
    const within = (one: PastInvocation): boolean =>
      ++kept[hasFailed(one) ? 'failed' : 'done'] <= MAX_INVOCATIONS;
    this.#byFunction.set(functionName, [invocation, ...this.of(functionName)].filter(within));
  }
}

/** Whether it came to nothing: an error, or an answer that says so. */
export function hasFailed({ errorType, status = 0 }: PastInvocation): boolean {
  return errorType !== undefined || status >= 500;
}

/** The status in an answer that is a response to HTTP, as the HTTP trigger would send it; undefined for any other. */
function statusOf(result: InvocationResult, isHttp: boolean): number | undefined {
  const given = result.errorType === undefined && parsedObject(result.body.toString())?.statusCode;
  if (given === undefined || given === false) return undefined;
  try {
    const { status } = httpAnswer(result);
    // What no one asked for by HTTP is not refused either.
    return isHttp || status === given ? status : undefined;
  } catch (error) {
    if (error instanceof FcError) return isHttp ? error.status : undefined;
    throw error;
  }
}

/** Undefined for what is not text, or was not kept to its end. */
export function wholeText({ content, size }: Excerpt): string | undefined {
  return content.length === size ? asText(content, { whole: true }) : undefined;
}

/** A copy: a slice would keep the whole in memory. */
function excerpt(whole: Buffer): Excerpt {
  return { content: Buffer.from(whole.subarray(0, MAX_EXCERPT_BYTES)), size: whole.length };
}
