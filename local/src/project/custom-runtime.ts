import type { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import { present } from './present.ts';
import type { CustomRuntimeSpec, RuntimeKind } from './types.ts';

/** Where a custom runtime listens unless customRuntimeConfig says otherwise. */
const DEFAULT_PORT = 9000;
/** No bound of these is documented for each; this is an hour in seconds, and more tries than anyone wants. */
const COUNT = { min: 1, max: 3600 };

/** How a custom runtime is started; undefined for another runtime. */
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

/** A list of texts; numbers in it are written as they are. */
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
