import type { LocalCloud } from 'fc-local';
import type { DemoResult } from './trace.ts';

/**
 * Returns where the console shows the trace of the first order, or else of the upload; undefined without a
 * console, and if no function took part.
 */
export function traceAddress(
  { console: page }: Pick<LocalCloud, 'console'>,
  { steps, upload, failures }: DemoResult,
): string | undefined {
  const ids = [...steps, ...upload.steps, ...failures].flatMap(({ requestId }) => requestId ?? []);
  const [first] = ids.filter((id) => id !== '');
  return page && first !== undefined
    ? `${page.url}/traces/${encodeURIComponent(first)}`
    : undefined;
}
