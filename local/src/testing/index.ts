export { DrivenClock } from '../clock.ts';
export { FAULTS, type Fault, type FaultTarget, randomFaults } from '../faults.ts';
export { type OidcIssuer, oidcIssuer } from '../identities/oidc/issuer.ts';
export {
  type EventOrigin,
  type HttpEventOptions,
  httpEvent,
  type ObjectInEvent,
  ossEvent,
  type QueueEventOptions,
  queueEvent,
  type TimerEventOptions,
  type TopicEventOptions,
  timerEvent,
  topicEvent,
} from './events.ts';
export { type FunctionContextOptions, functionContext } from './function-context.ts';
export type { TestBucket, TestObject, TestUpload } from './test-bucket.ts';
export { startTestCloud, type TestCloud, type TestCloudOptions } from './test-cloud.ts';
export type { CalledDirectly, TestFunction } from './test-function.ts';
export type { TestMessage, TestQueue, TestSendOptions } from './test-queue.ts';
export type { TestRole } from './test-role.ts';
export type { TestPublishOptions, TestTopic } from './test-topic.ts';
export { until } from './until.ts';
