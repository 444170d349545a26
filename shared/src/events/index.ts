export { type BodyEncoding, decodeBody } from './body-encoding.ts';
export { checkContentMd5, checkNotEncoded } from './declared.ts';
export { type HttpRequest, type HttpResponse, parseHttpEvent } from './http.ts';
export { type OssEvent, parseOssEvent } from './oss.ts';
export { type CloudEvent, parseQueueBatch, type QueueBatchOptions } from './queue.ts';
export { parseTimerEvent, type TimerEvent } from './timer.ts';
export { parseTopicEvent, type TopicNotification } from './topic.ts';
