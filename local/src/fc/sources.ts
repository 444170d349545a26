/** A change of an object, as an OSS trigger needs it. */
export interface ObjectChange {
  /** `ObjectCreated:PutObject`, without `oss:`. */
  name: string;
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  deltaSize: number;
  eTag: string;
  /** Milliseconds since the epoch. */
  time: number;
  requestId: string;
  sourceIp?: string | undefined;
  /** Absent when anonymous. */
  requester?: { accountId: string } | undefined;
}

/** A message published to a topic. */
export interface TopicMessage {
  messageId: string;
  body: string;
  bodyMd5: string;
  tag?: string;
  userProperties?: readonly { name: string; value: string }[];
  /** Milliseconds since the epoch. */
  publishTime: number;
}

/** A message taken from a queue, until its visibility timeout ends. */
export interface QueueMessage {
  id: string;
  body: string;
  /** Milliseconds since the epoch. */
  enqueueTime: number;
  receiptHandle: string;
}

export interface QueueAccess {
  /**
   * Receives up to `max` (1 to 16) messages; empty when there is none by the end of the wait, or it
   * was aborted.
   */
  receive(
    queue: string,
    options: { max: number; waitSeconds: number; signal: AbortSignal },
  ): Promise<QueueMessage[]>;
  /**
   * Keeps a message hidden for that many seconds from now (0 shows it); resolves to its new valid
   * handle. Rejects when it has become visible again.
   */
  hide(queue: string, receiptHandle: string, seconds: number): Promise<string>;
  delete(queue: string, receiptHandle: string): Promise<void>;
  send(queue: string, body: string): Promise<void>;
}

/**
 * Sources of events and destinations of outcomes: the runtime's only access to the other services.
 * The returned functions remove listeners.
 */
export interface EventSources {
  onObjectChange(listener: (change: ObjectChange) => void): () => void;
  onPublish(topic: string, listener: (message: TopicMessage) => void): () => void;
  queues: QueueAccess;
  publish(topic: string, body: string): Promise<void>;
}

export interface RoleRequest {
  role: string;
  /** Service principals, any of which may assume the role: `oss.aliyuncs.com`. */
  services: readonly string[];
  action: string;
  resource: string;
}

/**
 * Checks whether a service may do something as a role; returns the reason why not, or undefined.
 */
export type RoleCheck = (request: RoleRequest) => string | undefined;
