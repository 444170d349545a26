/** One thing that happened to one order. */
export interface Step {
  order: string;
  step: 'publish' | 'queue' | 'store';
  /** The function that did it; absent for the queue. */
  function?: string;
  requestId?: string;
  messageId?: string;
  /** The object's key. */
  key?: string;
  /** Milliseconds since the order was sent. */
  ms: number;
}

/** One thing that happened to the uploaded object. */
export interface UploadStep {
  step: 'upload' | 'record';
  function: string;
  requestId: string;
  /** The key of the object that it wrote. */
  key: string;
  /** Milliseconds since the upload began. */
  ms: number;
}

export interface UploadTrace {
  /** Whether the record that oss-event-handler wrote describes the object that oss-uploader stored. */
  ok: boolean;
  steps: UploadStep[];
}

/** A failure, in the words of the function or service that reported it. */
export interface Failure {
  function?: string;
  requestId?: string;
  code: string;
  message: string;
}

export interface DemoResult {
  ok: boolean;
  orders: number;
  /** Number of objects found in the bucket for these orders. */
  objects: number;
  /** Number of orders with no object, or with one whose content is not what was sent. */
  lost: number;
  /** Number of objects beyond the first of an order. */
  duplicates: number;
  steps: Step[];
  upload: UploadTrace;
  failures: Failure[];
  /** Functions that the demo would follow and the project does not have. */
  leftOut: string[];
  elapsedMs: number;
}

const SHOWN_ORDERS = 5;

/** Formats the result for a person: the first orders step by step, then the sums. */
export function formatTrace(result: DemoResult): string {
  const ids = [...new Set(result.steps.map((step) => step.order))];
  const lines = ids
    .slice(0, SHOWN_ORDERS)
    .flatMap((id) => [id, ...result.steps.filter((step) => step.order === id).map(formatStep)]);
  if (ids.length > SHOWN_ORDERS) lines.push(`… and ${ids.length - SHOWN_ORDERS} more orders`);
  if (result.upload.steps.length > 0)
    lines.push('upload', ...result.upload.steps.map(formatUploadStep));
  if (lines.length > 0) lines.push('');
  const leftOut = result.leftOut.map((what) => `left out ${what}`);
  return [...lines, ...result.failures.map(formatFailure), ...leftOut, formatSums(result)].join(
    '\n',
  );
}

function formatStep({ step, function: name, requestId, messageId, key, ms }: Step): string {
  const where = name ?? 'topic → subscription → queue';
  return formatRow(
    step,
    where,
    ms,
    step === 'store' ? `object ${key}` : `message ${messageId}`,
    requestId,
  );
}

function formatUploadStep({ step, function: name, requestId, key, ms }: UploadStep): string {
  return formatRow(step, name, ms, `object ${key}`, requestId);
}

function formatRow(step: string, where: string, ms: number, what: string, requestId = ''): string {
  const request = requestId && `  request ${requestId}`;
  return `  ${step.padEnd(8)} ${where.padEnd(29)} ${`${ms} ms`.padStart(8)}  ${what}${request}`;
}

function formatFailure({ function: name, requestId, code, message }: Failure): string {
  const request = requestId ? ` (request ${requestId})` : '';
  return `FAILED   ${name ?? 'demo'}: ${code}: ${message}${request}`;
}

function formatSums({ ok, orders, objects, lost, duplicates, elapsedMs }: DemoResult): string {
  const verdict = ok ? 'ok' : 'NOT OK';
  return `${verdict}: ${orders} orders sent, ${objects} objects read back and compared, ${lost} lost, ${duplicates} duplicates, ${elapsedMs} ms`;
}
