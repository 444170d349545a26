/** Kinds of things that functions use in an account. */
export type ThingKind = 'function' | 'topic' | 'queue' | 'bucket';

/** A function's use of another resource, and the permission that it needs. */
interface Use {
  kind: ThingKind;
  label: string;
  /** Whether it leads from the resource to the function. */
  inward: boolean;
  /** Returns the resource's path in a policy, after the account. */
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
