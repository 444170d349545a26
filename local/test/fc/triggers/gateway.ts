import { type IncomingMessage, request } from 'node:http';
import type { HttpTriggerSpec } from '#src/project/types';
import { startFixture, writeFunction } from '../fixture.ts';

export const METHODS = ['GET', 'POST', 'HEAD'];

/** Answers as the body of the request says, or with the event. */
const ANSWERS = `exports.handler = async (event) => {
  const { body } = JSON.parse(event);
  return body.startsWith('{') ? JSON.parse(body) : { statusCode: 200, body: event.toString() }; };`;

/** Deploys a function with an HTTP trigger, and returns a way to send it requests. */
export async function deploy(
  trigger: Partial<HttpTriggerSpec> = {},
  options: { defaultDomain?: boolean } = {},
) {
  const { runtime } = await startFixture(options);
  const web = { type: 'http', name: 'web', authType: 'anonymous', methods: METHODS, ...trigger };
  await runtime.deploy(writeFunction(ANSWERS, { triggers: [web as HttpTriggerSpec] }));
  const url = runtime.httpTriggerUrl('sample') ?? '';
  /** Returns Node's own answer to a request, with every header unchanged. */
  const send = (
    method: string,
    headers: Record<string, string | string[]> = {},
    answer?: object,
  ): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method, headers }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      sent.on('error', reject);
      sent.end(answer && JSON.stringify(answer));
    });
  return { runtime, url, send };
}
