/**
 * Typed values beside a body, 50 at most. Names have 1 to 256 letters, digits, `_`, `-` and `.`, with no
 * `.` first or last; values have up to 4,096 characters. Bytes are sent as base64, whose length counts.
 */
export type UserProperties = Record<string, string | number | boolean | Uint8Array>;

/** A message as a consumer gets it. Times are milliseconds since the epoch. */
export interface Message {
  messageId: string;
  body: string;
  /** Upper-case hex MD5 as the service gives it. Not the body's own MD5 when there are user properties. */
  bodyMd5: string;
  /**
   * The lease: deletes the message or changes its visibility until `nextVisibleTime`. Each receive and each
   * change of visibility gives a new one.
   */
  receiptHandle: string;
  enqueueTime: number;
  /** Set by the first receive, never changed. */
  firstDequeueTime: number;
  /** When the lease ends and the message can be received again. */
  nextVisibleTime: number;
  /** How often it has been received, including this time. */
  dequeueCount: number;
  /** 1 (first) to 16. */
  priority: number;
  userProperties: UserProperties;
  /**
   * Properties set by the service or the producer's SDK: `traceparent`, `baggage`, where a dead letter came
   * from. Absent if there are none.
   */
  systemProperties?: Readonly<Record<string, string>> | undefined;
  /**
   * The group of an ordered message. Another message of the group is not received until this one is deleted
   * or visible again.
   */
  messageGroupId?: string | undefined;
}

/** A message seen without being received: there is no lease. */
export type PeekedMessage = Omit<
  Message,
  'receiptHandle' | 'nextVisibleTime' | 'firstDequeueTime'
> & {
  /** Absent if the message has never been received. */
  firstDequeueTime: number | undefined;
};

export interface SendOptions {
  /** 0 to 604,800; default the queue's own. */
  delaySeconds?: number;
  /** 1 (first) to 16; default 8. */
  priority?: number;
  userProperties?: UserProperties;
  /**
   * Makes it an ordered message: those of a group are received in the order they were sent, one after the
   * other. A FIFO queue accepts no other; after a send whose answer was lost, sending again may put the
   * message into its group twice.
   */
  messageGroupId?: string;
}

/** What the service returns for a stored message. */
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
  /**
   * Ends the wait between polls, throwing the signal's reason. With a signal a long wait becomes polls of 5
   * seconds; a poll in progress is not cut off, because the messages it has leased would be hidden until
   * their lease ends.
   */
  signal?: AbortSignal;
}

export interface ReceiveBatchOptions extends ReceiveOptions {
  /** 1 to 16; default 16. */
  max?: number;
}

/** Settings of a queue, in seconds and bytes. Those left out stay unchanged (or take the service's default). */
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

/** A queue's present attributes. The counts are approximate; times are in milliseconds since the epoch. */
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

/** A topic's present attributes. Times are in milliseconds since the epoch. */
export interface TopicAttributes extends Required<TopicSettings> {
  name: string;
  createTime: number;
  lastModifyTime: number;
  /** Seconds. */
  messageRetentionPeriod: number;
  messageCount: number;
}

export interface PublishOptions {
  /** Only subscriptions with the same filter tag get the message, besides those without one. 16 characters at most. */
  tag?: string;
  /** Element name to text, such as `{ DirectMail: '{…}' }`. */
  attributes?: Record<string, string>;
  userProperties?: UserProperties;
  /** Makes it an ordered message for the queues that get it: see SendOptions. A FIFO topic accepts no other. */
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

/** A subscription's present attributes. Times are in milliseconds since the epoch. */
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
  /** `nextMarker` of the previous page. */
  marker?: string;
}

export interface NamePage {
  names: string[];
  /** Present when there is another page. */
  nextMarker?: string;
}
