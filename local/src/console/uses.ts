/** What functions use of an account. */
export type ThingKind = 'function' | 'topic' | 'queue' | 'bucket';

/** What a function does with another thing of the account, and the permission that it takes. */
interface Use {
  kind: ThingKind;
  label: string;
  /** From the thing to the function. */
  inward: boolean;
  /** Of the resource in a policy, after the account. */
  path(name: string): string;
}

/** Every use that is drawn, by its action. */
export const USES: ReadonlyMap<string, Use> = new Map<string, Use>([
  ['mns:SendMessage', use('queue', 'sends', false, (name) => `/queues/${name}/messages`)],
  ['mns:ReceiveMessage', use('queue', 'receives', true, (name) => `/queues/${name}/messages`)],
  ['mns:PublishMessage', use('topic', 'publishes', false, (name) => `/topics/${name}/messages`)],
  ['oss:PutObject', use('bucket', 'stores', false, (name) => name)],
  ['oss:GetObject', use('bucket', 'reads', true, (name) => name)],
  ['fc:InvokeFunction', use('function', 'invokes', false, (name) => `functions/${name}`)],
]);

function use(kind: ThingKind, label: string, inward: boolean, path: (name: string) => string): Use {
  return { kind, label, inward, path };
}
