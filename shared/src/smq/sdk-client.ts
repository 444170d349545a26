import type Client from '@alicloud/mns/lib/client.js';
import type helper from '@alicloud/mns/lib/helper.js';
import { toError } from '../errors/errors.ts';
import { exchange } from '../net/exchange.ts';
import { KeptConnections } from '../net/kept-connections.ts';
import { type AnswerHead, answerHead } from './answer-head.ts';
import { MAX_ANSWER_BYTES } from './limits.ts';

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
 * address, signs and parses; sending is done here, because the SDK hides what decides whether a request may
 * be sent again (whether its connection was a kept one, whether an answer had begun) and reports a refusal
 * as the text of an error. Its HTTP library has no hook that shows the request: `beforeRequest` sees
 * options only, an agent's documented methods see sockets only, and Node's diagnostics channel for it is
 * experimental.
 */
export function overKeptConnections(Base: ClientClass, sdkHelper: typeof helper) {
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
      const answer = { code: status, headers: sdkHelper.getResponseHeaders(headers, attentions) };
      if (!isXml || received.body.length === 0) return { ...answer, head };
      return { ...answer, head, body: await parse(received.body.toString(), root, head) };
    }
  };

  async function parse(
    text: string,
    root: string,
    head: AnswerHead,
  ): Promise<Record<string, unknown>> {
    let document: Record<string, unknown>;
    try {
      document = await sdkHelper.parseXML(text);
      if (!document.Error) return children(document[root]);
    } catch (cause) {
      throw new UnreadableAnswer(head, cause);
    }
    throw refusal(document.Error, head);
  }

  /** Returns the children of an element, texts as text. */
  function children(element: unknown): Record<string, unknown> {
    if (typeof element !== 'object' || element === null)
      throw new Error('answer has another root element');
    return Object.fromEntries(
      Object.entries(element)
        .filter(([name]) => name !== '$')
        .map(([name, value]) => [name, sdkHelper.extract(value)]),
    );
  }

  function refusal(error: unknown, head: AnswerHead): Error {
    try {
      const { Code, Message, RequestId } = children(error);
      if ([Code, Message, RequestId].every((part) => typeof part === 'string'))
        return new Refusal(String(Code), String(Message), head);
    } catch (cause) {
      return new UnreadableAnswer(head, cause);
    }
    return new UnreadableAnswer(head, new Error('<Error> has not what an error of SMQ has'));
  }
}
