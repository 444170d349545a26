import { describe, expect, it } from 'vitest';
import { receiveOne, service } from './helpers.ts';

const notExist = expect.objectContaining({ code: 'MessageNotExist' });

describe('receipt handles', () => {
  it('hold the time of the lease and its length, whose sum is the next visible time', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    const { id, receiptHandle, nextVisibleTime } = await receiveOne(smq);
    expect(receiptHandle.startsWith(`${id}-`)).toBe(true);
    const text = Buffer.from(receiptHandle.slice(33), 'base64').toString();
    const [, start, length] = text.split(' ').map(Number);
    expect(start).toBe(clock.now());
    expect((start ?? 0) + (length ?? 0)).toBe(nextVisibleTime);
  });

  it('are stale once the lease has ended, even if no one else received the message', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 10 });
    await smq.send('q', { body: 'x' });
    const first = await receiveOne(smq);
    await clock.advance(10_000);
    await expect(smq.deleteMessage('q', first.receiptHandle)).rejects.toThrow(notExist);
    const second = await receiveOne(smq);
    await expect(smq.deleteMessage('q', first.receiptHandle)).rejects.toThrow(notExist);
    await smq.deleteMessage('q', second.receiptHandle);
    await expect(smq.deleteMessage('q', second.receiptHandle)).rejects.toThrow(notExist);
  });

  it.each(['', 'x', 'nonsense-AAAA', `${'A'.repeat(32)}-`, `${'A'.repeat(32)}-AAAA`])(
    'that are malformed are refused as such: %j',
    async (handle) => {
      const { smq } = service();
      await smq.createQueue('q');
      const error = expect.objectContaining({ code: 'ReceiptHandleError' });
      await expect(smq.deleteMessage('q', handle)).rejects.toThrow(error);
    },
  );

  it('of the receive still delete after a change of visibility', async () => {
    const { smq } = service();
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    const { receiptHandle } = await receiveOne(smq);
    const changed = await smq.changeVisibility('q', receiptHandle, 60);
    expect(changed.receiptHandle).not.toBe(receiptHandle);
    await smq.deleteMessage('q', receiptHandle);
    expect(smq.inspect('q')).toEqual([]);
  });

  it('of the receive are refused after a change of visibility when handles are strict', async () => {
    const { smq } = service({ strictHandles: true });
    await smq.createQueue('q');
    await smq.send('q', { body: 'x' });
    const { receiptHandle } = await receiveOne(smq);
    const changed = await smq.changeVisibility('q', receiptHandle, 60);
    await expect(smq.deleteMessage('q', receiptHandle)).rejects.toThrow(notExist);
    await smq.deleteMessage('q', changed.receiptHandle);
  });

  it('change the lease both ways', async () => {
    const { clock, smq } = service();
    await smq.createQueue('q', { visibilityTimeout: 30 });
    await smq.send('q', { body: 'x' });
    const { receiptHandle } = await receiveOne(smq);
    const longer = await smq.changeVisibility('q', receiptHandle, 100);
    await clock.advance(50_000);
    expect(smq.inspect('q')[0]?.state).toBe('inactive');
    const shorter = await smq.changeVisibility('q', longer.receiptHandle, 1);
    expect(shorter.nextVisibleTime).toBe(clock.now() + 1000);
    await clock.advance(1000);
    expect(smq.inspect('q')[0]).toMatchObject({ state: 'active', dequeueCount: 1 });
  });
});
