import type Client from '@alicloud/mns/lib/client.js';
import { toError } from '../errors/errors.ts';
import { exchange } from '../net/exchange.ts';
import { KeptConnections } from '../net/kept-connections.ts';
import type { Item } from './answer.ts';
import { type AnswerHead, answerHead } from './answer-head.ts';
import { MAX_ANSWER_BYTES } from './limits.ts';
import { type Root, readXml } from './read-xml.ts';

/** The process's connections to SMQ. */
const connections = new KeptConnections();

/** SMQ's `<Error>`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly head: AnswerHead;

  constructor(code: string, message: string, head: AnswerHead) {
    super(message);
    this.code = code;
    this.head = head;
  }
}

/** XML is broken, or does not have the requested form. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
  readonly head: AnswerHead;

  constructor(head: AnswerHead, cause: unknown) {
    super(toError(cause).message, { cause });
    this.head = head;
  }
}

export interface Answer extends Client.Answer {
  head: AnswerHead;
}

type ClientClass = new (...parameters: ConstructorParameters<typeof Client>) => Client;

/**
 * Returns the SDK's client with the method overridden that all its operations use. The SDK makes the
 * address and signs. Sending is done here, because the SDK hides what decides whether a request may be sent
 * again (whether its connection was a kept one, whether an answer had begun) and reports a refusal as the
 * text of an error. Its HTTP library has no hook that shows the request: `beforeRequest` sees options only,
 * an agent's documented methods see sockets only, and Node's diagnostics channel for it is experimental.
 * Reading is done here too, because the SDK's parser takes longer than everything else a message goes
 * through.
 */
export function overKeptConnections(Base: ClientClass) {
  return class MnsClient extends Base {
    /**
     * Resolves on any status unless the answer is an `<Error>`. Rejects with a Refusal, an UnreadableAnswer
     * or a BrokenExchange.
     */
    override async request(
      method: Client.Method,
      resource: string,
      root: string,
      body: string | Buffer,
      attentions: readonly string[] = [],
      options: Client.RequestOptions = {},
    ): Promise<Answer> {
      const { status, headers, ...received } = await exchange(connections, this.endpoint, {
        method,
        path: resource,
        headers: this.buildHeaders(method, body, resource, options.headers),
        body,
        timeoutMs: options.readTimeout ?? this.readTimeout,
        maxBytes: MAX_ANSWER_BYTES,
      });
      const head = answerHead(status, headers);
      const isXml = /^(text|application)\/xml/.test(head.contentType ?? '');
      const wanted = attentions.map((name) => [name, headers[name]] as const);
      const answer = { code: status, headers: Object.fromEntries(wanted), head };
      if (!isXml || received.body.length === 0) return answer;
      return { ...answer, body: childrenOf(root, received.body.toString(), head) };
    }
  };
}

/** Returns the children of the root element, which must have that name. */
function childrenOf(name: string, text: string, head: AnswerHead): Item {
  let root: Root;
  try {
    root = readXml(text);
  } catch (cause) {
    throw new UnreadableAnswer(head, cause);
  }
  if (root.name === name) return root.children;
  if (root.name === 'Error') throw refusal(root.children, head);
  throw new UnreadableAnswer(head, new Error('answer has another root element'));
}

function refusal({ Code, Message, RequestId }: Item, head: AnswerHead): Error {
  if ([Code, Message, RequestId].every((part) => typeof part === 'string'))
    return new Refusal(String(Code), String(Message), head);
  return new UnreadableAnswer(head, new Error('<Error> has not what an error of SMQ has'));
}
