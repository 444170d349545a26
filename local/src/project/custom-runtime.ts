import type { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import { present } from './present.ts';
import type { CustomRuntimeSpec, RuntimeKind } from './types.ts';

/** Default port of a custom runtime, without one in customRuntimeConfig. */
const DEFAULT_PORT = 9000;
/**
 * Limits of health check values, which are not documented: an hour in seconds, and more attempts
 * than anyone wants.
 */
const COUNT = { min: 1, max: 3600 };

/** Reads how a custom runtime is started; undefined for another runtime. */
export function readCustomRuntime(
  fields: Fields,
  kind: RuntimeKind,
  warn: Warn,
): CustomRuntimeSpec | undefined {
  const config = fields.map('customRuntimeConfig');
  if (kind !== 'custom') {
    if (config)
      warn(
        config.source,
        `${fields.owner}: customRuntimeConfig has no effect on a runtime that is built in`,
      );
    return undefined;
  }
  const command = words(config, 'command');
  const args = words(config, 'args');
  return {
    port: config?.integer('port', { min: 1, max: 65_535 }) ?? DEFAULT_PORT,
    ...(command.length > 0 && { command }),
    ...(args.length > 0 && { args }),
    ...present({ healthCheck: readHealthCheck(config?.map('healthCheckConfig')) }),
  };
}

/** Reads a list of texts; numbers in it become texts as written. */
function words(config: Fields | undefined, key: string): string[] {
  return (config?.list(key) ?? []).map((item) => {
    if (config && item.kind === 'scalar' && item.value !== null) return String(item.value);
    throw config?.wrong(key, item, 'write a list of texts') ?? new TypeError(key);
  });
}

function readHealthCheck(config: Fields | undefined): CustomRuntimeSpec['healthCheck'] {
  if (!config) return undefined;
  return {
    httpGetUrl: config.string('httpGetUrl') ?? '/',
    initialDelaySeconds: config.integer('initialDelaySeconds', { min: 0, max: 3600 }) ?? 0,
    periodSeconds: config.integer('periodSeconds', COUNT) ?? 3,
    timeoutSeconds: config.integer('timeoutSeconds', COUNT) ?? 1,
    failureThreshold: config.integer('failureThreshold', COUNT) ?? 3,
    successThreshold: config.integer('successThreshold', COUNT) ?? 1,
  };
}
