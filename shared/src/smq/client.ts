import { contextCredentials, contextLocation } from '../auth/context-credentials.ts';
import { CredentialScope } from '../auth/credential-scope.ts';
import type { FunctionContext } from '../context/function-context.ts';
import { smqEndpoint } from '../net/endpoints.ts';
import { queueXml, topicXml } from './attributes.ts';
import { checkName } from './check.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { listNames } from './list.ts';
import { Queue } from './queue.ts';
import { Topic } from './topic.ts';
import type { ListOptions, NamePage, QueueSettings, TopicSettings } from './types.ts';
import { xmlDocument } from './xml.ts';

const clients = new CredentialScope<SmqClient>();

/**
 * Returns the client of this invocation's credential: the same client until the context brings another
 * credential. Ask for it in the handler, never at module level, where its token would expire. Throws a
 * CredentialsError that names each value the context lacks.
 */
export function smqClient(context: FunctionContext): SmqClient {
  const credentials = contextCredentials(context);
  const location = contextLocation(context);
  return clients.get(
    credentials,
    `${location.accountId} ${smqEndpoint(location)}`,
    () => new SmqClient({ ...location, credentials }),
  );
}

/** SMQ of one account in one region, over `@alicloud/mns`, which is loaded on the first request. */
export class SmqClient {
  readonly #connection: Connection;

  constructor(options: ConnectionOptions) {
    this.#connection = new Connection(options);
  }

  /** Returns the queue of that name, whether it exists or not. */
  queue(name: string): Queue {
    return new Queue(this.#connection, name);
  }

  /** Returns the topic of that name, whether it exists or not. */
  topic(name: string): Topic {
    return new Topic(this.#connection, name);
  }

  /**
   * Creates a queue. Returns false if the same one already exists; throws a ServiceError
   * (`QueueAlreadyExist`) if one of that name has other settings.
   */
  createQueue(name: string, settings: QueueSettings = {}): Promise<boolean> {
    return this.#create('Queue', name, queueXml(settings));
  }

  /**
   * Creates a topic. Returns false if the same one already exists; throws a ServiceError
   * (`TopicAlreadyExist`) if one of that name has other settings.
   */
  createTopic(name: string, settings: TopicSettings = {}): Promise<boolean> {
    return this.#create('Topic', name, topicXml(settings));
  }

  /** Deletes a queue and its messages. Succeeds if it does not exist. */
  deleteQueue(name: string): Promise<void> {
    return this.#delete('Queue', name);
  }

  /** Deletes a topic and its subscriptions. Succeeds if it does not exist. */
  deleteTopic(name: string): Promise<void> {
    return this.#delete('Topic', name);
  }

  /** Returns one page of the queues' names. */
  listQueues(options: ListOptions = {}): Promise<NamePage> {
    const call = { name: 'ListQueue', target: 'the account', path: '/queues' };
    return listNames(this.#connection, 'Queue', call, options);
  }

  /** Returns one page of the topics' names. */
  listTopics(options: ListOptions = {}): Promise<NamePage> {
    const call = { name: 'ListTopic', target: 'the account', path: '/topics' };
    return listNames(this.#connection, 'Topic', call, options);
  }

  async #create(kind: 'Queue' | 'Topic', name: string, content: string): Promise<boolean> {
    const answer = await this.#connection.call({
      ...resource('Create', kind, name),
      method: 'PUT',
      body: xmlDocument(kind, content),
      statuses: [201, 204],
    });
    return answer.status === 201;
  }

  async #delete(kind: 'Queue' | 'Topic', name: string): Promise<void> {
    await this.#connection.call({
      ...resource('Delete', kind, name),
      method: 'DELETE',
      statuses: [204],
    });
  }
}

function resource(verb: string, kind: 'Queue' | 'Topic', name: string) {
  const lower = kind.toLowerCase();
  return {
    name: `${verb}${kind}`,
    target: `${lower} "${name}"`,
    path: `/${lower}s/${checkName(kind, name)}`,
  };
}
