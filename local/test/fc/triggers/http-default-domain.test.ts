import { describe, expect, it } from 'vitest';
import { deploy } from './gateway.ts';

describe('the default domain', () => {
  it.each([300, 301, 302, 303, 307, 308])(
    'turns %d into ExternalRedirectForbidden',
    async (statusCode) => {
      const { send } = await deploy({}, { defaultDomain: true });
      const answer = { statusCode, headers: { Location: 'https://example.com/' } };
      const { status, headers, text } = await send('POST', {}, answer);
      expect([status, headers.location]).toEqual([400, undefined]);
      expect(JSON.parse(text)).toEqual({
        RequestId: headers['x-fc-request-id'],
        Code: 'ExternalRedirectForbidden',
        Message: 'The external redirect is forbidden, please use custom domain endpoint',
      });
    },
  );

  it.each([
    [{}, 'attachment'],
    [{ 'Content-Disposition': 'inline' }, 'attachment'],
    [{ 'Content-Disposition': 'attachment; filename="a.pdf"' }, 'attachment; filename="a.pdf"'],
  ])('makes a download of an answer with %j', async (headers, disposition) => {
    const { send } = await deploy({}, { defaultDomain: true });
    const answer = await send('POST', {}, { statusCode: 200, headers });
    expect(answer.headers['content-disposition']).toBe(disposition);
  });

  it('refuses Android packages, and leaves 304 alone', async () => {
    const { send } = await deploy({}, { defaultDomain: true });
    const headers = { 'Content-Type': 'application/vnd.android.package-archive' };
    expect((await send('POST', {}, { statusCode: 200, headers })).status).toBe(400);
    expect((await send('POST', {}, { statusCode: 304 })).status).toBe(304);
  });

  it('is not what a trigger is at without the option', async () => {
    const { send } = await deploy();
    const answer = { statusCode: 302, headers: { Location: 'https://example.com/' } };
    const { status, headers } = await send('POST', {}, answer);
    expect([status, headers.location, headers['content-disposition']]).toEqual([
      302,
      'https://example.com/',
      undefined,
    ]);
  });
});
