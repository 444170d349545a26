export { type HttpRequest, type HttpResponse, parseHttpEvent } from './events/http.ts';
export { type OssEvent, parseOssEvent } from './events/oss.ts';
export { type CloudEvent, parseQueueBatch } from './events/queue.ts';
export { parseTimerEvent, type TimerEvent } from './events/timer.ts';
export { parseTopicEvent, type TopicNotification } from './events/topic.ts';
