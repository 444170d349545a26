import type { FunctionSpec, LocalCloud } from 'fc-local';
import { LocalCloudError } from 'fc-local';

export const PUBLISHER = 'topic-publisher';
export const CONSUMER = 'queue-consumer';
export const UPLOADER = 'oss-uploader';
export const EVENT_HANDLER = 'oss-event-handler';

/** What of the project the demo works with. */
export interface DemoParts {
  /** Addresses of HTTP triggers, each with a slash at the end. */
  publisherUrl: string;
  uploaderUrl: string;
  consumer: FunctionSpec;
  eventHandler: FunctionSpec;
  /** The queue that the consumer drains, and the bucket it stores in. */
  queue: string;
  bucket: string;
}

/** Finds what the demo works with. Throws LocalCloudError that names each function, trigger and variable that the project does not have. */
export function demoParts(cloud: LocalCloud): DemoParts {
  const consumer = functionOf(cloud, CONSUMER);
  const eventHandler = functionOf(cloud, EVENT_HANDLER);
  const publisherUrl = httpTriggerUrl(cloud, PUBLISHER);
  const uploaderUrl = httpTriggerUrl(cloud, UPLOADER);
  const { QUEUE_NAME: queue, BUCKET_NAME: bucket } = consumer?.environmentVariables ?? {};
  if (consumer && eventHandler && publisherUrl && uploaderUrl && queue && bucket)
    return { publisherUrl, uploaderUrl, consumer, eventHandler, queue, bucket };
  const missing = [
    ...(publisherUrl ? [] : [`${PUBLISHER} with an HTTP trigger`]),
    ...(consumer && queue && bucket ? [] : [`${CONSUMER} with QUEUE_NAME and BUCKET_NAME`]),
    ...(uploaderUrl ? [] : [`${UPLOADER} with an HTTP trigger`]),
    ...(eventHandler ? [] : [EVENT_HANDLER]),
  ];
  throw new LocalCloudError(
    'DemoIncomplete',
    `The demo follows orders and an upload through four functions, and s.yaml has no ${missing.join(', no ')}`,
    'declare what is missing, or see your own functions with fc-local start',
  );
}

/** The address of a function's HTTP trigger, with a slash at the end; undefined where there is no such function or trigger. */
export function httpTriggerUrl(cloud: LocalCloud, resource: string): string | undefined {
  return functionOf(cloud, resource) && cloud.fc?.httpTriggerUrl(resource);
}

function functionOf(cloud: LocalCloud, resource: string): FunctionSpec | undefined {
  return cloud.project?.functions.find((fn) => fn.resource === resource);
}
