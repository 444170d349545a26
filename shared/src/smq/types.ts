/** Typed values beside a body; 50 at most. Names have 1 to 256 letters, digits, `_`, `-` and `.`, with no `.` first or last; values up to 4,096 characters. Bytes travel as base64, which counts. */
export type UserProperties = Record<string, string | number | boolean | Uint8Array>;

/** A message as a consumer gets it. Times are milliseconds since the epoch. */
export interface Message {
  messageId: string;
  body: string;
  /** Upper-case hex MD5 as the service gives it. Not the body's own MD5 when there are user properties. */
  bodyMd5: string;
  /** The lease: deletes the message or changes its visibility until `nextVisibleTime`. Each receive and each change of visibility gives a new one. */
  receiptHandle: string;
  enqueueTime: number;
  /** Set by the first receive, never changed. */
  firstDequeueTime: number;
  /** When the lease ends and the message can be received again. */
  nextVisibleTime: number;
  /** How often it has been received, this time included. */
  dequeueCount: number;
  /** 1 (first) to 16. */
  priority: number;
  userProperties: UserProperties;
  /** What the service, or the producer's SDK, has put beside them: `traceparent`, `baggage`, where a dead letter came from. Absent without any. */
  systemProperties?: Readonly<Record<string, string>> | undefined;
  /** Of an ordered message: its group. Another of the group is not received before this one is deleted or visible again. */
  messageGroupId?: string | undefined;
}

/** A message looked at without being received: there is no lease. */
export type PeekedMessage = Omit<
  Message,
  'receiptHandle' | 'nextVisibleTime' | 'firstDequeueTime'
> & {
  /** Absent when the message has never been received. */
  firstDequeueTime: number | undefined;
};

export interface SendOptions {
  /** 0 to 604,800; default the queue's own. */
  delaySeconds?: number;
  /** 1 (first) to 16; default 8. */
  priority?: number;
  userProperties?: UserProperties;
  /** Makes it an ordered message: those of a group are received in the order they were sent in, one after the other. A FIFO queue takes no other; after a send whose answer got lost, sending again may put the message into its group twice. */
  messageGroupId?: string;
}

/** What the service gives back for a stored message. */
export interface SentMessage {
  messageId: string;
  /** Upper-case hex. */
  bodyMd5: string;
  /** Present for a delayed message: deletes it before it becomes visible. */
  receiptHandle?: string;
}

export interface ReceiveOptions {
  /** How long to wait for a message: 0 to 30 seconds; default the queue's PollingWaitSeconds. */
  waitSeconds?: number;
  /** Ends the wait between polls, throwing its reason. With a signal a long wait becomes polls of 5 seconds; a poll under way is not cut off, because what it has leased would be hidden until its lease ends. */
  signal?: AbortSignal;
}

export interface ReceiveBatchOptions extends ReceiveOptions {
  /** 1 to 16; default 16. */
  max?: number;
}

/** What can be set on a queue. Seconds and bytes; what is left out stays as it is (or takes the service's default). */
export interface QueueSettings {
  /** 0 to 604,800; default 0. */
  delaySeconds?: number;
  /** 1,024 to 65,536; default 65,536. */
  maximumMessageSize?: number;
  /** 60 to 604,800; default 345,600. */
  messageRetentionPeriod?: number;
  /** 1 to 43,200; default 30. */
  visibilityTimeout?: number;
  /** 0 to 30; default 0. */
  pollingWaitSeconds?: number;
  loggingEnabled?: boolean;
}

/** A queue as it stands. The counts are approximate; times are milliseconds since the epoch. */
export interface QueueAttributes extends Required<QueueSettings> {
  name: string;
  createTime: number;
  lastModifyTime: number;
  /** Visible now. */
  activeMessages: number;
  /** Leased to a consumer. */
  inactiveMessages: number;
  delayMessages: number;
}

export interface TopicSettings {
  /** 1,024 to 65,536; default 65,536. */
  maximumMessageSize?: number;
  loggingEnabled?: boolean;
}

/** A topic as it stands. Times are milliseconds since the epoch. */
export interface TopicAttributes extends Required<TopicSettings> {
  name: string;
  createTime: number;
  lastModifyTime: number;
  /** Seconds. */
  messageRetentionPeriod: number;
  messageCount: number;
}

export interface PublishOptions {
  /** Subscriptions with the same filter tag get the message. 16 characters at most. */
  tag?: string;
  /** Element name to text, such as `{ DirectMail: '{…}' }`. */
  attributes?: Record<string, string>;
  userProperties?: UserProperties;
  /** Makes it an ordered message for the queues that get it: see SendOptions. A FIFO topic takes no other. */
  messageGroupId?: string;
}

export type NotifyStrategy = 'BACKOFF_RETRY' | 'EXPONENTIAL_DECAY_RETRY';
export type NotifyContentFormat = 'XML' | 'JSON' | 'SIMPLIFIED' | 'STREAM';

export interface SubscriptionSettings {
  /** `http(s)://…`, or a queue's `acs:mns:<region>:<account>:queues/<name>` (`queue.endpoint`). */
  endpoint: string;
  /** 16 characters at most; without one every message is delivered. */
  filterTag?: string;
  /** Default BACKOFF_RETRY. */
  notifyStrategy?: NotifyStrategy;
  /** Default XML. */
  notifyContentFormat?: NotifyContentFormat;
}

/** A subscription as it stands. Times are milliseconds since the epoch. */
export interface SubscriptionAttributes {
  name: string;
  topicName: string;
  endpoint: string;
  filterTag: string | undefined;
  notifyStrategy: string;
  notifyContentFormat: string;
  createTime: number;
  lastModifyTime: number;
}

export interface ListOptions {
  prefix?: string;
  /** 1 to 1,000 a page. */
  max?: number;
  /** `nextMarker` of the page before. */
  marker?: string;
}

export interface NamePage {
  names: string[];
  /** Present when there is another page. */
  nextMarker?: string;
}
