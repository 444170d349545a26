import type { LogLine } from 'fc-local';
import { CONSUMER } from './parts.ts';
import type { QueuedMessage } from './queue-look.ts';
import type { Failure, Step } from './trace.ts';

/** The part of a line of fc-kit's log that the demo reads. */
interface LogEntry {
  level?: string;
  time?: string;
  requestId?: string;
  message?: string;
  orderId?: string;
  messageId?: string;
  key?: string;
  error?: { code?: string; message?: string };
}

/** Returns the JSON lines that a function has printed. */
function entries(lines: readonly LogLine[], functionName: string): LogEntry[] {
  return lines
    .filter((line) => line.functionName === functionName)
    .flatMap(({ text }) => parse<LogEntry>(text) ?? []);
}

/** Returns the orders among the messages of the queue, before any of them has been received. */
export function queueSteps(
  messages: readonly QueuedMessage[],
  sentAt: ReadonlyMap<string, number>,
): Step[] {
  return messages.flatMap(({ messageId, body, enqueueTime }) => {
    const order = parse<{ id: string }>(body)?.id ?? '';
    const start = sentAt.get(order);
    if (start === undefined) return [];
    return [{ order, step: 'queue', messageId, ms: enqueueTime - start } satisfies Step];
  });
}

/** Returns undefined for any other line or message. */
function parse<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** Returns the orders that queue-consumer reports as stored. */
export function storeSteps(
  lines: readonly LogLine[],
  consumer: string,
  sentAt: ReadonlyMap<string, number>,
): Step[] {
  return entries(lines, consumer).flatMap((entry) => {
    const start = entry.orderId && sentAt.get(entry.orderId);
    if (!start || !entry.orderId || entry.message !== 'Stored order') return [];
    return [
      {
        order: entry.orderId,
        step: 'store',
        function: CONSUMER,
        ...(entry.requestId && { requestId: entry.requestId }),
        ...(entry.messageId && { messageId: entry.messageId }),
        ...(entry.key && { key: entry.key }),
        ms: Date.parse(entry.time ?? '') - start,
      } satisfies Step,
    ];
  });
}

/** Returns what the functions have logged as errors, each kind once, with the service's own code and the request id. */
export function loggedFailures(
  lines: readonly LogLine[],
  functionNames: readonly string[],
): Failure[] {
  const byKind = new Map<string, Failure>();
  for (const name of functionNames)
    for (const { level, error, message, requestId } of entries(lines, name)) {
      if (level !== 'error') continue;
      const code = error?.code ?? 'Error';
      const failure = {
        function: name,
        ...(requestId && { requestId }),
        code,
        message: error?.message ?? message ?? '',
      };
      byKind.set(`${name} ${code}`, byKind.get(`${name} ${code}`) ?? failure);
    }
  return [...byKind.values()];
}
