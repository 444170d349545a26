import { until } from 'fc-local/testing';
import { describe, expect, it, vi } from 'vitest';
import { breakOff, oddServer } from '#test/odd-server';
import { clientOf, localSmq } from './local-smq.ts';

const XML = { 'content-type': 'text/xml;charset=utf-8', 'x-mns-request-id': 'A1B2C3' };
const EMPTY =
  '<Error><Code>MessageNotExist</Code><Message>Message not exist.</Message><RequestId>A1B2C3</RequestId><HostId>http://h</HostId></Error>';

/** A queue that answers each poll with the next body (the last one repeatedly), and the polls' queries. */
async function scripted(answers: { status: number; body: string }[]) {
  const polls: string[] = [];
  const url = await oddServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://h');
    polls.push(searchParams.toString());
    const answer = answers[Math.min(polls.length, answers.length) - 1];
    response.writeHead(answer?.status ?? 500, XML).end(answer?.body);
  });
  return { polls, queue: clientOf(url).queue('orders') };
}

function messages(...bodies: string[]) {
  const items = bodies.map(
    (body, index) =>
      `<Message><MessageId>ID${index}</MessageId><MessageBodyMD5>MD5</MessageBodyMD5><MessageBody>${body}</MessageBody><ReceiptHandle>h${index}</ReceiptHandle><EnqueueTime>1</EnqueueTime><FirstDequeueTime>2</FirstDequeueTime><NextVisibleTime>3</NextVisibleTime><DequeueCount>1</DequeueCount><Priority>8</Priority></Message>`,
  );
  return { status: 200, body: `<Messages xmlns="x">${items.join('')}</Messages>` };
}
const empty = { status: 404, body: EMPTY };

describe('waiting', () => {
  it('sends a wait of 0, which is not the same as none', async () => {
    const { polls, queue } = await scripted([empty]);
    await queue.receiveBatch({ waitSeconds: 0 });
    await queue.receiveBatch();
    await queue.receiveBatch({ max: 3, waitSeconds: 30 });
    expect(polls).toEqual([
      'numOfMessages=16&waitseconds=0',
      'numOfMessages=16',
      'numOfMessages=3&waitseconds=30',
    ]);
  });

  it('returns what arrives during the wait', async () => {
    const { client, clock, orders } = await localSmq();
    const received = client.queue('orders').receive({ waitSeconds: 20 });
    await until(() => clock.pending > 0);
    await orders.send('hello');
    expect(await received).toMatchObject({ body: 'hello' });
  });

  it('returns an empty list when the wait is over', async () => {
    const { client, clock } = await localSmq();
    const received = client.queue('orders').receiveBatch({ waitSeconds: 20 });
    await until(() => clock.pending > 0);
    await clock.advance(20_000);
    expect(await received).toEqual([]);
  });

  it('refuses a wait or a number out of range before anything is sent', async () => {
    const { polls, queue } = await scripted([empty]);
    for (const options of [
      { waitSeconds: 31 },
      { waitSeconds: -1 },
      { waitSeconds: 0.5 },
      { max: 0 },
      { max: 17 },
    ])
      await expect(queue.receiveBatch(options)).rejects.toMatchObject({ code: 'InvalidArgument' });
    await expect(queue.peekBatch(0)).rejects.toThrow('max is 0: give a whole number from 1 to 16');
    await expect(queue.receiveBatch({ max: 17 })).rejects.toThrow('max is 17: give');
    await expect(queue.receive({ waitSeconds: 31 })).rejects.toThrow('waitSeconds is 31: give');
    expect(polls).toEqual([]);
  });
});

describe('a signal', () => {
  it('ends the wait between polls of 5 seconds', async () => {
    const { polls, queue } = await scripted([empty]);
    const { signal } = new AbortController();
    await queue.receiveBatch({ max: 1, waitSeconds: 12, signal });
    expect(polls.map((poll) => poll.replace('numOfMessages=1&waitseconds=', ''))).toEqual([
      '5',
      '5',
      '2',
    ]);
  });

  it('throws its reason, polling no further', async () => {
    const controller = new AbortController();
    const reason = new Error('deadline');
    let polls = 0;
    const url = await oddServer((_request, response) => {
      if (++polls === 2) controller.abort(reason);
      response.writeHead(404, XML).end(EMPTY);
    });
    const { signal } = controller;
    const queue = clientOf(url).queue('orders');
    await expect(queue.receiveBatch({ waitSeconds: 30, signal })).rejects.toBe(reason);
    expect(polls).toBe(2);
    await expect(queue.receiveBatch({ waitSeconds: 0, signal })).rejects.toBe(reason);
    expect(polls).toBe(2);
  });

  it('does not lose messages that a poll has leased by then', async () => {
    const controller = new AbortController();
    const url = await oddServer((_request, response) => {
      controller.abort(new Error('deadline'));
      response.writeHead(200, XML).end(messages('kept').body);
    });
    const { signal } = controller;
    const received = await clientOf(url).queue('orders').receiveBatch({ waitSeconds: 30, signal });
    expect(received).toMatchObject([{ body: 'kept' }]);
  });
});

describe('a body that breaks the XML', () => {
  const broken = messages('good', 'bad &#1; character');

  it('is an error that names the request, and the queue is received one by one afterwards', async () => {
    const { polls, queue } = await scripted([broken, messages('good'), broken, messages('good')]);
    const options = { waitSeconds: 0 };
    await expect(queue.receiveBatch(options)).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      status: 200,
      requestId: 'A1B2C3',
    });
    expect(await queue.receiveBatch(options)).toMatchObject([{ body: 'good' }]);
    await expect(queue.receiveBatch(options)).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
    expect(await queue.receiveBatch(options)).toMatchObject([{ body: 'good' }]);
    expect(polls.map((poll) => poll.replace('&waitseconds=0', ''))).toEqual([
      'numOfMessages=16',
      'numOfMessages=1',
      'numOfMessages=1',
      'numOfMessages=1',
    ]);
  });

  it('is distinguished from a failure of the service, after which batches are received as before', async () => {
    const refusal =
      '<Error><Code>InternalError</Code><Message>No.</Message><RequestId>A1B2C3</RequestId><HostId>http://h</HostId></Error>';
    const { polls, queue } = await scripted([{ status: 500, body: refusal }, messages('good')]);
    await expect(queue.receiveBatch({ waitSeconds: 0 })).rejects.toMatchObject({
      code: 'InternalError',
    });
    await queue.receiveBatch({ waitSeconds: 0 });
    expect(polls[1]).toBe('numOfMessages=16&waitseconds=0');
  });

  it('is distinguished from an answer that breaks off', async () => {
    const polls: string[] = [];
    const url = await oddServer((request, response) => {
      polls.push(request.url ?? '');
      if (polls.length > 1) return response.writeHead(404, XML).end(EMPTY);
      return breakOff(200, XML)(request, response);
    });
    const queue = clientOf(url).queue('orders');
    await expect(queue.receiveBatch({ waitSeconds: 0 })).rejects.toMatchObject({
      code: 'ConnectionFailed',
      status: 200,
    });
    await queue.receiveBatch({ waitSeconds: 0 });
    expect(polls[1]).toContain('numOfMessages=16');
  });

  it('is forgotten an hour later', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const { polls, queue } = await scripted([broken, empty]);
      const begun = Date.now();
      vi.setSystemTime(begun);
      await expect(queue.receiveBatch({ waitSeconds: 0 })).rejects.toThrow();
      vi.setSystemTime(begun + 3_599_999);
      await queue.receiveBatch({ waitSeconds: 0 });
      vi.setSystemTime(begun + 3_600_000);
      await queue.receiveBatch({ waitSeconds: 0 });
      expect(polls.slice(1)).toEqual([
        'numOfMessages=1&waitseconds=0',
        'numOfMessages=16&waitseconds=0',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not change how other queues are received', async () => {
    const { queue: breaking } = await scripted([broken]);
    await expect(breaking.receiveBatch({ waitSeconds: 0 })).rejects.toThrow();
    const { polls, queue } = await scripted([empty]);
    await queue.receiveBatch({ waitSeconds: 0 });
    expect(polls).toEqual(['numOfMessages=16&waitseconds=0']);
  });
});
