import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Answer, functionAction, RecordedFunctions } from './functions.ts';
import { strangeFields } from './models.ts';
import { type Pair, signatureFault } from './signature.ts';
import { RecordedStacks, strangeParameters } from './stacks.ts';

export const ACCOUNT = '1234567890123456';

/** A request as it came in. */
export interface Recorded {
  /** `fc:GetFunction`, `ros:CreateStack`. */
  action: string;
  /** The function's, stack's or trigger's name. */
  names: string[];
  securityToken: string | undefined;
  body: Record<string, unknown>;
}

/** What goes wrong with an action: it gets this answer, or none at all. */
export type Failure = (Answer & { times?: number }) | 'silence';

export interface RecordingCloud {
  url: string;
  requests: Recorded[];
  functions: RecordedFunctions;
  stacks: RecordedStacks;
  /** The variables that lead to it, with the key pair. */
  env: Record<string, string>;
  /** Makes an action fail, for one name or for any. */
  fail(action: string, failure: Failure, name?: string): void;
  /** Returns the actions in order, without consecutive repetitions. */
  actions(): string[];
}

/**
 * Starts an account for which FC 3.0, ROS and STS answer on a loopback address, as far as a deployment
 * needs. Each request's signature is verified, and its fields are compared with the official SDK's models
 * (FC) or the actions' pages (ROS): a request that they would refuse is answered with 400, and fails the
 * test.
 */
export async function recordingCloud(
  pair: Pair = { accessKeyId: 'LTAIrecorded', accessKeySecret: 'recorded-secret' },
): Promise<RecordingCloud> {
  const requests: Recorded[] = [];
  const refused: string[] = [];
  const failures = new Map<string, Failure>();
  const functions = new RecordedFunctions();
  const stacks = new RecordedStacks();

  const answer = async (request: IncomingMessage): Promise<Answer | 'silence'> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const fault = signatureFault({ method, url, headers: request.headers, body }, pair);
    const token = request.headers['x-acs-security-token']?.toString();
    const rpc = functionAction(method, url.pathname) ? undefined : request.headers['x-acs-action'];
    const { action, names } = functionAction(method, url.pathname) ?? {
      action: String(rpc),
      names: [],
    };
    const form = new URLSearchParams([...url.searchParams, ...new URLSearchParams(String(body))]);
    const json = !rpc && body.length > 0 ? JSON.parse(String(body)) : undefined;
    const service = rpc ? (action === 'GetCallerIdentity' ? 'sts' : 'ros') : 'fc';
    const named = rpc
      ? [form.get('StackName') ?? form.get('StackName.1') ?? form.get('StackId') ?? '']
      : [
          ...names,
          ...((json?.functionName ?? json?.triggerName)
            ? [json.functionName ?? json.triggerName]
            : []),
        ];
    const fields = json ?? Object.fromEntries(form);
    requests.push({
      action: `${service}:${action}`,
      names: named,
      securityToken: token,
      body: fields,
    });
    if (fault) return { status: 403, body: { Code: fault, Message: 'by the recording cloud' } };
    const failing = [`${service}:${action}`, `${service}:${action} ${named[0]}`].find((key) =>
      failures.has(key),
    );
    const failure = failing && failures.get(failing);
    if (failing && failure) {
      if (failure === 'silence') return failure;
      const { times = Number.POSITIVE_INFINITY } = failure;
      if (times <= 1) failures.delete(failing);
      else failures.set(failing, { ...failure, times: times - 1 });
      return failure;
    }
    if (service === 'sts')
      return {
        status: 200,
        body: { AccountId: ACCOUNT, Arn: `acs:ram::${ACCOUNT}:user/ci`, IdentityType: 'RAMUser' },
      };
    const strange = rpc
      ? strangeParameters(action, form)
      : strangeFields(action, url.searchParams, json);
    if (strange.length > 0) {
      refused.push(`${action}: ${strange.join(', ')}`);
      return { status: 400, body: { Code: 'InvalidArgument', Message: strange.join(', ') } };
    }
    return rpc ? stacks.answer(action, form) : functions.answer(action, names, json);
  };

  const server = createServer((request, response) => {
    answer(request).then(
      (given) => send(response, given),
      (error: Error) => response.destroy(error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    if (refused.length > 0) throw new Error(`The cloud would refuse ${refused.join('; ')}`);
  });
  return {
    url,
    requests,
    functions,
    stacks,
    env: {
      FUNCTION_ENDPOINT: url,
      ROS_ENDPOINT: url,
      STS_ENDPOINT: url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: pair.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: pair.accessKeySecret,
      ...(pair.securityToken && { ALIBABA_CLOUD_SECURITY_TOKEN: pair.securityToken }),
    },
    fail: (action, failure, name) =>
      void failures.set(name === undefined ? action : `${action} ${name}`, failure),
    actions: () =>
      requests.map(({ action }) => action).filter((one, index, all) => one !== all[index - 1]),
  };
}

function send(response: ServerResponse, answer: Answer | 'silence'): void {
  if (answer === 'silence') return;
  response.writeHead(answer.status, { 'content-type': 'application/json', 'x-fc-request-id': 'r' });
  response.end(answer.body === undefined ? '' : JSON.stringify({ RequestId: 'r', ...answer.body }));
}
