import { describe, expect, it } from 'vitest';
import { accessKey, authorityOf, sdkClient, smqServer } from './helpers.ts';

describe('@alicloud/mns against the local SMQ', () => {
  it('creates, lists, changes and deletes queues', async () => {
    const server = await smqServer();
    const sdk = sdkClient(server);
    const created = await sdk.createQueue('orders', { VisibilityTimeout: 60 });
    expect(created).toMatchObject({
      code: 201,
      headers: { location: `${server.url}/queues/orders` },
    });
    expect((await sdk.createQueue('orders', { VisibilityTimeout: 60 })).code).toBe(204);
    await expect(sdk.createQueue('orders', {})).rejects.toThrow(
      expect.objectContaining({ name: 'MNSQueueAlreadyExistError' }),
    );
    await sdk.createQueue('other');
    expect((await sdk.listQueue(undefined, 10, 'ord')).body).toEqual([
      { QueueURL: `${server.url}/queues/orders`, QueueName: 'orders' },
    ]);
    expect((await sdk.setQueueAttributes('orders', { DelaySeconds: 5 })).code).toBe(204);
    expect((await sdk.getQueueAttributes('orders')).body).toMatchObject({
      QueueName: 'orders',
      DelaySeconds: '5',
      VisibilityTimeout: '60',
      ActiveMessages: '0',
    });
    expect((await sdk.deleteQueue('orders')).code).toBe(204);
    await expect(sdk.getQueueAttributes('orders')).rejects.toThrow(
      expect.objectContaining({ name: 'MNSQueueNotExistError' }),
    );
  });

  it('sends, peeks, receives, renews and deletes a message', async () => {
    const server = await smqServer();
    const sdk = sdkClient(server);
    await sdk.createQueue('orders');
    const sent = await sdk.sendMessage('orders', { MessageBody: 'hello', Priority: 3 });
    expect(sent.code).toBe(201);
    expect((await sdk.peekMessage('orders')).body).toMatchObject({
      MessageBody: 'hello',
      DequeueCount: '0',
    });
    const { body } = await sdk.receiveMessage('orders');
    expect(body).toMatchObject({
      MessageId: sent.body.MessageId,
      MessageBody: 'hello',
      Priority: '3',
      DequeueCount: '1',
    });
    const changed = await sdk.changeMessageVisibility('orders', body.ReceiptHandle ?? '', 120);
    expect(changed.body.NextVisibleTime).toBe(String(server.clock.now() + 120_000));
    const deleted = await sdk.deleteMessage('orders', changed.body.ReceiptHandle ?? '');
    expect(deleted.code).toBe(204);
    expect(server.service.inspect('orders')).toEqual([]);
  });

  it('sends, peeks, receives and deletes in batches', async () => {
    const server = await smqServer();
    const sdk = sdkClient(server);
    await sdk.createQueue('orders');
    const messages = ['a', 'b', 'c'].map((MessageBody) => ({ MessageBody }));
    expect((await sdk.batchSendMessage('orders', messages)).body).toHaveLength(3);
    expect((await sdk.batchPeekMessage('orders', 16)).body).toHaveLength(3);
    const received = (await sdk.batchReceiveMessage('orders', 16)).body;
    expect(received.map(({ MessageBody }) => MessageBody)).toEqual(['a', 'b', 'c']);
    const handles = received.map(({ ReceiptHandle = '' }) => ReceiptHandle);
    expect((await sdk.batchDeleteMessage('orders', handles.slice(0, 2))).code).toBe(204);
    const partly = await sdk.batchDeleteMessage('orders', handles);
    expect(partly.code).toBe(404);
    expect(partly.body).toMatchObject([
      { ErrorCode: 'MessageNotExist', ReceiptHandle: handles[0] },
      { ErrorCode: 'MessageNotExist', ReceiptHandle: handles[1] },
    ]);
    expect(server.service.inspect('orders')).toEqual([]);
  });

  it('uses handles as they are, which it does not encode, whatever characters are in them', async () => {
    const server = await smqServer();
    const sdk = sdkClient(server);
    await sdk.createQueue('orders');
    // Handles are random, and one in a dozen has such a character.
    for (let handle = ''; !/[+/]/.test(handle); ) {
      await sdk.sendMessage('orders', { MessageBody: 'x' });
      handle = (await sdk.receiveMessage('orders')).body.ReceiptHandle ?? '';
      expect((await sdk.deleteMessage('orders', handle)).code).toBe(204);
    }
  });

  it('creates, lists and changes topics, and publishes to a queue', async () => {
    const server = await smqServer();
    const sdk = sdkClient(server);
    expect((await sdk.createTopic('events')).code).toBe(201);
    expect((await sdk.setTopicAttributes('events', { MaximumMessageSize: 2048 })).code).toBe(204);
    expect((await sdk.getTopicAttributes('events')).body).toMatchObject({
      TopicName: 'events',
      MaximumMessageSize: '2048',
      MessageCount: '0',
    });
    expect((await sdk.listTopic(undefined, 1, 'e')).body).toMatchObject([{ TopicName: 'events' }]);
    await sdk.createQueue('orders');
    await server.service.subscribe('events', 'to-orders', {
      endpoint: 'acs:mns:odd:odd:queues/orders',
      notifyContentFormat: 'SIMPLIFIED',
    });
    const published = await sdk.publishMessage('events', { MessageBody: 'hi' });
    expect(published.code).toBe(201);
    expect((await sdk.receiveMessage('orders')).body.MessageBody).toBe('hi');
  });

  it('waits for a message with a long poll', async () => {
    const server = await smqServer();
    const sdk = sdkClient(server);
    await sdk.createQueue('orders');
    const waiting = sdk.receiveMessage('orders', 30);
    await sdk.sendMessage('orders', { MessageBody: 'late' });
    expect((await waiting).body.MessageBody).toBe('late');
  });

  it('works with a temporary credential, and not without its token', async () => {
    const temporary = {
      accessKeyId: 'STS.abc',
      securityToken: 'token+/=',
      expiration: Date.now() + 3_600_000,
    };
    const server = await smqServer({ authority: authorityOf([accessKey(temporary)]) });
    expect((await sdkClient(server, temporary).createQueue('q')).code).toBe(201);
    const { accessKeyId } = temporary;
    await expect(sdkClient(server, { accessKeyId }).createQueue('q')).rejects.toThrow(
      expect.objectContaining({ name: 'MNSInvalidAccessKeyIdError' }),
    );
  });
});
