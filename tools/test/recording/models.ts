import * as sdk from '@alicloud/fc20230330';

/** The official SDK's models: wire names by field, and types by field. */
interface ModelClass {
  names(): Record<string, string>;
  types(): Record<string, unknown>;
}

const exported = sdk as unknown as Record<string, unknown> & { default?: Record<string, unknown> };
const model = (name: string): ModelClass | undefined =>
  (exported[name] ?? exported.default?.[name]) as ModelClass | undefined;

/** Models of request bodies, by action. */
const BODIES: Record<string, string> = {
  CreateFunction: 'CreateFunctionInput',
  UpdateFunction: 'UpdateFunctionInput',
  CreateTrigger: 'CreateTriggerInput',
  UpdateTrigger: 'UpdateTriggerInput',
  PutAsyncInvokeConfig: 'PutAsyncInvokeConfigInput',
};

/**
 * Returns fields of a request that the official SDK's models do not have, or have with another type; empty
 * for a valid one.
 */
export function strangeFields(
  action: string,
  query: URLSearchParams,
  body: Record<string, unknown> | undefined,
): string[] {
  const request = model(`${action}Request`);
  const known = Object.values(request?.names() ?? {});
  const strange = [...query.keys()].filter((name) => !known.includes(name));
  const bodyModel = body && model(BODIES[action] ?? '');
  if (body && !bodyModel) return [...strange, `${action} takes no body`];
  return [...strange, ...(bodyModel ? strangeIn(body, bodyModel, '') : [])];
}

function strangeIn(value: Record<string, unknown>, type: ModelClass, at: string): string[] {
  const fields = new Map(Object.entries(type.names()).map(([field, wire]) => [wire, field]));
  return Object.entries(value).flatMap(([wire, one]) => {
    const field = fields.get(wire);
    return field === undefined
      ? [`${at}${wire}`]
      : strangeValue(one, type.types()[field], `${at}${wire}`);
  });
}

function strangeValue(value: unknown, type: unknown, at: string): string[] {
  if (value === undefined || value === null) return [];
  if (typeof type === 'function')
    return typeof value === 'object'
      ? strangeIn(value as Record<string, unknown>, type as unknown as ModelClass, `${at}.`)
      : [`${at} is no object`];
  const { type: kind, itemType } = Object(type) as { type?: string; itemType?: unknown };
  if (kind === 'array')
    return Array.isArray(value)
      ? value.flatMap((one, index) => strangeValue(one, itemType, `${at}[${index}]`))
      : [`${at} is no list`];
  if (kind === 'map')
    return Object.values(value as object).some((one) => typeof one !== 'string')
      ? [`${at} has a value that is no text`]
      : [];
  const wanted = type === 'long' ? 'number' : type;
  const plain = wanted === 'string' || wanted === 'number' || wanted === 'boolean';
  return plain && typeof value !== wanted ? [`${at} is a ${typeof value}, not a ${wanted}`] : [];
}
