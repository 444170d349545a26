export { type HttpRequest, type HttpResponse, parseHttpEvent } from './http.ts';
export { type OssEvent, parseOssEvent } from './oss.ts';
export { type CloudEvent, parseQueueBatch } from './queue.ts';
export { parseTimerEvent, type TimerEvent } from './timer.ts';
export { parseTopicEvent, type TopicNotification } from './topic.ts';
