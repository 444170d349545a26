import { expect, it } from 'vitest';
import { post } from '#src/fc/post';
import { oddServer } from '#test/odd-server';

/** A server that answers the first request of a kept connection and breaks the second, `ms` later by `now`. */
async function breaking(ms: number) {
  let time = 0;
  let requests = 0;
  const url = await oddServer((request, response) => {
    request.resume().once('end', () => {
      if (++requests !== 2) return void response.end();
      time += ms;
      request.socket.resetAndDestroy();
    });
  });
  const send = () => post(new URL(url), {}, Buffer.from('{}'), 5000, () => time);
  return { send, requests: () => requests };
}

it('sends a call again on a new connection when a kept one turns out dead', async () => {
  const { send, requests } = await breaking(20);
  await send();
  expect(await send()).toMatchObject({ status: 200 });
  expect(requests()).toBe(3);
});

it('does not call twice when the connection breaks while the function may be running', async () => {
  const { send, requests } = await breaking(3000);
  await send();
  await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(requests()).toBe(2);
});
