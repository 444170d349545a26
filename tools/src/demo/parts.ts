import type { FunctionSpec, LocalCloud } from 'fc-local';
import { LocalCloudError } from 'fc-local';

export const PUBLISHER = 'topic-publisher';
export const CONSUMER = 'queue-consumer';
export const UPLOADER = 'oss-uploader';
export const EVENT_HANDLER = 'oss-event-handler';

/** The parts of the project that the demo works with; those the project does not have are absent. */
export interface DemoParts {
  /** Addresses of HTTP triggers, each with a slash at the end. */
  publisherUrl?: string;
  uploaderUrl?: string;
  /** With the queue that it drains and the bucket it stores in. */
  consumer?: { spec: FunctionSpec; queue: string; bucket: string };
  /** With what its variables name: the prefix that starts it, and that of its records. */
  eventHandler?: { spec: FunctionSpec; bucket: string; input: string; output: string };
  /** What is left out, and why, in whole sentences. */
  leftOut: string[];
}

/**
 * Finds the parts the demo works with. Throws LocalCloudError if the project has none of the functions that
 * it knows.
 */
export function demoParts(cloud: LocalCloud): DemoParts {
  const publisherUrl = httpTriggerUrl(cloud, PUBLISHER);
  const uploaderUrl = httpTriggerUrl(cloud, UPLOADER);
  const consumer = consumerOf(cloud);
  const eventHandler = eventHandlerOf(cloud);
  const missing = [
    ...(publisherUrl ? [] : [`${PUBLISHER} with an HTTP trigger`]),
    ...(consumer ? [] : [`${CONSUMER} with QUEUE_NAME and BUCKET_NAME`]),
    ...(uploaderUrl ? [] : [`${UPLOADER} with an HTTP trigger`]),
    ...(eventHandler ? [] : [EVENT_HANDLER]),
  ];
  if (missing.length === 4)
    throw new LocalCloudError(
      'DemoIncomplete',
      `The demo follows orders and an upload through four functions, and s.yaml has no ${missing.join(', no ')}`,
      'declare one of them, or see your own functions with fc-local start',
    );
  return {
    ...(publisherUrl !== undefined && { publisherUrl }),
    ...(uploaderUrl !== undefined && { uploaderUrl }),
    ...(consumer && { consumer }),
    ...(eventHandler && { eventHandler }),
    leftOut: missing.map((what) => `${what}: s.yaml has none`),
  };
}

function consumerOf(cloud: LocalCloud): DemoParts['consumer'] {
  const spec = functionOf(cloud, CONSUMER);
  const { QUEUE_NAME: queue, BUCKET_NAME: bucket } = spec?.environmentVariables ?? {};
  return spec && queue && bucket ? { spec, queue, bucket } : undefined;
}

function eventHandlerOf(cloud: LocalCloud): DemoParts['eventHandler'] {
  const spec = functionOf(cloud, EVENT_HANDLER);
  const trigger = spec?.triggers.find((one) => one.type === 'oss');
  if (!spec || trigger?.type !== 'oss') return undefined;
  const { INPUT_PREFIX: input = trigger.prefix, OUTPUT_PREFIX: output = '' } =
    spec.environmentVariables;
  return { spec, bucket: trigger.bucket, input, output };
}

/**
 * Returns the address of a function's HTTP trigger, with a slash at the end; undefined if there is no such
 * function or trigger.
 */
export function httpTriggerUrl(cloud: LocalCloud, resource: string): string | undefined {
  return functionOf(cloud, resource) && cloud.fc?.httpTriggerUrl(resource);
}

function functionOf(cloud: LocalCloud, resource: string): FunctionSpec | undefined {
  return cloud.project?.functions.find((fn) => fn.resource === resource);
}
