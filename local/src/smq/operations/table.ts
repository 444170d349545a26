import { SmqError } from '../errors.ts';
import type { Query } from '../query.ts';
import type { ResourceKind } from '../route.ts';
import { getAccountAttributes, setAccountAttributes } from './account-attributes.ts';
import { batchDeleteMessage } from './batch-delete-message.ts';
import { batchSendMessage } from './batch-send-message.ts';
import { changeMessageVisibility } from './change-message-visibility.ts';
import { createQueue } from './create-queue.ts';
import { createTopic } from './create-topic.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteQueue } from './delete-queue.ts';
import { deleteTopic } from './delete-topic.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { getSubscriptionAttributes } from './get-subscription-attributes.ts';
import { getTopicAttributes } from './get-topic-attributes.ts';
import { listQueue } from './list-queue.ts';
import { listSubscriptionByTopic } from './list-subscription-by-topic.ts';
import { listTopic } from './list-topic.ts';
import type { Operation } from './operation.ts';
import { batchPeekMessage, peekMessage } from './peek-message.ts';
import { publishMessage } from './publish-message.ts';
import { batchReceiveMessage, receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';
import { setSubscriptionAttributes } from './set-subscription-attributes.ts';
import { setTopicAttributes } from './set-topic-attributes.ts';
import { subscribe } from './subscribe.ts';
import { unsubscribe } from './unsubscribe.ts';

/**
 * Chooses the operation of a request to a resource, by its query and the root element of its body.
 */
type Choose = (query: Query, root: string | undefined) => Operation;

const overriding =
  (create: Operation, set: Operation): Choose =>
  (query) =>
    query.flag('metaoverride') ? set : create;

const accountMeta =
  (operation: Operation): Choose =>
  (query) => {
    if (!query.flag('accountmeta')) throw new SmqError('InvalidRequestURL');
    return operation;
  };

const TABLE: Record<ResourceKind, Readonly<Record<string, Choose>>> = {
  account: {
    GET: accountMeta(getAccountAttributes),
    PUT: accountMeta(setAccountAttributes),
  },
  'open-service': {},
  queues: { GET: () => listQueue },
  queue: {
    PUT: overriding(createQueue, setQueueAttributes),
    GET: () => getQueueAttributes,
    DELETE: () => deleteQueue,
  },
  'queue-messages': {
    POST: (_query, root) => (root === 'Messages' ? batchSendMessage : sendMessage),
    GET: (query) => {
      const isBatch = query.has('numOfMessages');
      if (query.flag('peekonly')) return isBatch ? batchPeekMessage : peekMessage;
      return isBatch ? batchReceiveMessage : receiveMessage;
    },
    DELETE: (query) => (query.has('ReceiptHandle') ? deleteMessage : batchDeleteMessage),
    PUT: () => changeMessageVisibility,
  },
  topics: { GET: () => listTopic },
  topic: {
    PUT: overriding(createTopic, setTopicAttributes),
    GET: () => getTopicAttributes,
    DELETE: () => deleteTopic,
  },
  'topic-messages': { POST: () => publishMessage },
  subscriptions: { GET: () => listSubscriptionByTopic },
  subscription: {
    PUT: overriding(subscribe, setSubscriptionAttributes),
    GET: () => getSubscriptionAttributes,
    DELETE: () => unsubscribe,
  },
};

/** Throws NotImplemented for a method the resource does not have. */
export function findChoice(kind: ResourceKind, method: string): Choose {
  const methods = TABLE[kind];
  const choose = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (choose) return choose;
  throw new SmqError('NotImplemented');
}
