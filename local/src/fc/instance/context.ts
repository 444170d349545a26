import type { IncomingHttpHeaders } from 'node:http';
import type { FunctionContext } from '../context.ts';
import { createLogger } from './console.ts';
import { HEADER } from './headers.ts';

/**
 * Returns the handler's context, made anew from the headers of each invocation; a header that is
 * absent or empty leaves undefined.
 */
export function contextFrom(headers: IncomingHttpHeaders): FunctionContext {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const requestId = text(HEADER.requestId) ?? '';
  const accessKeyId = text(HEADER.accessKeyId);

  return {
    requestId,
    credentials: accessKeyId
      ? {
          accessKeyId,
          accessKeySecret: text(HEADER.accessKeySecret),
          securityToken: text(HEADER.securityToken),
        }
      : undefined,
    function: {
      ...defined('name', text(HEADER.functionName)),
      ...defined('handler', text(HEADER.functionHandler)),
      memory: Number(text(HEADER.functionMemory)),
      timeout: Number(text(HEADER.functionTimeout)),
    },
    service: {
      ...defined('logProject', text(HEADER.logProject)),
      ...defined('logStore', text(HEADER.logStore)),
      ...defined('qualifier', text(HEADER.qualifier)),
      ...defined('versionId', text(HEADER.versionId)),
    },
    region: text(HEADER.region),
    accountId: text(HEADER.accountId),
    logger: createLogger(requestId),
    retryCount: Number(text(HEADER.retryCount) ?? 0),
    tracing: {
      ...defined('openTracingSpanContext', text(HEADER.spanContext)),
      ...defined('openTracingSpanBaggages', baggages(text(HEADER.spanBaggages))),
      ...defined('jaegerEndpoint', text(HEADER.jaegerEndpoint)),
    },
  };
}

/** Decodes baggages from base64 of a JSON object. */
function baggages(value: string | undefined): Record<string, string> | undefined {
  if (!value) return undefined;
  try {
    return JSON.parse(Buffer.from(value, 'base64').toString());
  } catch {
    return undefined;
  }
}

function defined<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
