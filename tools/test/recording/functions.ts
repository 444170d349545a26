/** The answer of an operation. */
export interface Answer {
  status: number;
  body?: unknown;
}

type Fields = Record<string, unknown>;

interface Deployed {
  fields: Fields;
  triggers: Map<string, Fields>;
  asyncConfig?: Fields | undefined;
}

const ROUTES: [action: string, method: string, path: RegExp][] = [
  ['CreateFunction', 'POST', /^\/functions$/],
  ['GetFunction', 'GET', /^\/functions\/([^/]+)$/],
  ['UpdateFunction', 'PUT', /^\/functions\/([^/]+)$/],
  ['DeleteFunction', 'DELETE', /^\/functions\/([^/]+)$/],
  ['ListTriggers', 'GET', /^\/functions\/([^/]+)\/triggers$/],
  ['CreateTrigger', 'POST', /^\/functions\/([^/]+)\/triggers$/],
  ['GetTrigger', 'GET', /^\/functions\/([^/]+)\/triggers\/([^/]+)$/],
  ['UpdateTrigger', 'PUT', /^\/functions\/([^/]+)\/triggers\/([^/]+)$/],
  ['DeleteTrigger', 'DELETE', /^\/functions\/([^/]+)\/triggers\/([^/]+)$/],
  ['GetAsyncInvokeConfig', 'GET', /^\/functions\/([^/]+)\/async-invoke-config$/],
  ['PutAsyncInvokeConfig', 'PUT', /^\/functions\/([^/]+)\/async-invoke-config$/],
  ['DeleteAsyncInvokeConfig', 'DELETE', /^\/functions\/([^/]+)\/async-invoke-config$/],
];

/** Returns which action of the 3.0 API a request is, with the names in its path. */
export function functionAction(method: string, path: string) {
  const [, rest = ''] = /^\/2023-03-30(\/.*)$/.exec(path) ?? [];
  for (const [action, wanted, pattern] of ROUTES) {
    const match = wanted === method ? pattern.exec(rest) : null;
    if (match) return { action, names: match.slice(1) as string[] };
  }
  return undefined;
}

const missing = (code: string): Answer => ({
  status: 404,
  body: { Code: code, Message: `${code} in the recording cloud`, RequestId: 'r' },
});

/** The functions of an account, as far as a deployment needs. */
export class RecordedFunctions {
  readonly all = new Map<string, Deployed>();

  answer(action: string, [name = '', trigger = '']: string[], body: Fields = {}): Answer {
    if (action === 'CreateFunction') {
      const made = String(body.functionName);
      if (this.all.has(made))
        return { status: 409, body: { Code: 'FunctionAlreadyExists', Message: made } };
      this.all.set(made, { fields: body, triggers: new Map() });
      return { status: 200, body: described(body) };
    }
    const found = this.all.get(name);
    if (!found) return missing('FunctionNotFound');
    switch (action) {
      case 'GetFunction':
        return { status: 200, body: described(found.fields) };
      case 'UpdateFunction':
        Object.assign(found.fields, body);
        return { status: 200, body: described(found.fields) };
      case 'DeleteFunction':
        if (found.triggers.size > 0)
          return { status: 409, body: { Code: 'FunctionNotEmpty', Message: 'it has triggers' } };
        this.all.delete(name);
        return { status: 204 };
      case 'ListTriggers':
        return { status: 200, body: { triggers: [...found.triggers.values()] } };
      case 'CreateTrigger':
      case 'UpdateTrigger': {
        const key = action === 'CreateTrigger' ? String(body.triggerName) : trigger;
        const made = {
          ...found.triggers.get(key),
          ...body,
          ...(body.triggerType === 'http' && {
            httpTrigger: { urlInternet: `https://${name}.cn-hangzhou.fcapp.run` },
          }),
        };
        found.triggers.set(key, made);
        return { status: 200, body: made };
      }
      case 'GetTrigger': {
        const one = found.triggers.get(trigger);
        return one ? { status: 200, body: one } : missing('TriggerNotFound');
      }
      case 'DeleteTrigger':
        return found.triggers.delete(trigger) ? { status: 204 } : missing('TriggerNotFound');
      case 'GetAsyncInvokeConfig':
        return found.asyncConfig
          ? { status: 200, body: found.asyncConfig }
          : missing('AsyncConfigNotExists');
      case 'PutAsyncInvokeConfig':
        found.asyncConfig = body;
        return { status: 200, body };
      default:
        found.asyncConfig = undefined;
        return { status: 204 };
    }
  }
}

function described({ code, ...fields }: Fields): Fields {
  return { ...fields, codeChecksum: '1', state: 'Active' };
}
