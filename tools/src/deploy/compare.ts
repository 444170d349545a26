import type { Described } from '../cloud/functions.ts';

/** A function as s.yaml declares it, and as FC describes it. */
export interface Compared {
  props: Described;
  described: Described;
  triggers: readonly Described[];
  /** The answer of GetAsyncInvokeConfig; undefined if there is none. */
  asyncConfig?: Described | undefined;
}

/** The component's props that FC's GetFunction has under the same name. */
const SAME_NAME = [
  'runtime',
  'handler',
  'memorySize',
  'cpu',
  'diskSize',
  'timeout',
  'description',
  'instanceConcurrency',
  'internetAccess',
  'role',
  'environmentVariables',
  'vpcConfig',
];

/**
 * Trigger types whose triggerConfig reaches FC under the names of s.yaml; for an eventbridge trigger the
 * component makes another.
 */
const PLAIN_TRIGGERS = ['http', 'timer', 'oss', 'mns_topic'];

/** Props that are compared apart from SAME_NAME, or only name the function or its sources. */
const APART = ['functionName', 'region', 'triggers', 'asyncInvokeConfig'];

/** Used instead of a value: the deploy tool finds or makes one, and FC has what it made. */
const AUTO = 'auto';

/** An output that is not known yet: there is nothing to compare. */
const UNKNOWN = /\$\{resources\./;

/**
 * Returns how FC's description differs from what is declared, one line each: `timeout is 30, declared 60`.
 * What is not declared is left to FC. The code is not compared: FC has its checksum, but the deploy tool
 * makes the package.
 */
export function differences({ props, described, triggers, asyncConfig }: Compared): string[] {
  const own = SAME_NAME.flatMap((name) => differs(name, props[name], described[name]));
  const { qualifier, ...async } = Object(props.asyncInvokeConfig) as Described;
  const ofAsync = differs('asyncInvokeConfig', async, asyncConfig);
  const declared = triggersOf(props);
  const ofTriggers = declared.flatMap((trigger) => triggerDiffers(trigger, triggers));
  const extra = triggers
    .filter(({ triggerName }) => !declared.some((one) => one.triggerName === triggerName))
    .map(
      ({ triggerName }) =>
        `trigger "${triggerName}" is there and not declared; deploying leaves it`,
    );
  return [...own, ...ofAsync, ...ofTriggers, ...extra];
}

/** Whether a deployment leaves a difference unchanged. */
export function isLeft(difference: string): boolean {
  return difference.endsWith('; deploying leaves it');
}

/**
 * Returns the declared props that `differences` does not cover, except those that the deploy tool finds or
 * makes itself.
 */
export function uncompared(props: Described): string[] {
  const compared = [...SAME_NAME, ...APART];
  return Object.keys(props).filter((name) => !compared.includes(name) && props[name] !== AUTO);
}

function triggerDiffers(declared: Described, there: readonly Described[]): string[] {
  const name = `trigger "${declared.triggerName}"`;
  const found = there.find(({ triggerName }) => triggerName === declared.triggerName);
  if (!found) return [`${name} is missing`];
  if (found.triggerType !== declared.triggerType)
    return differs(`${name} type`, declared.triggerType, found.triggerType);
  if (!PLAIN_TRIGGERS.includes(String(declared.triggerType))) return [];
  const there_ = configOf(found.triggerConfig);
  return there_ === undefined ? [] : differs(name, declared.triggerConfig, there_);
}

/** FC returns a trigger's configuration as JSON in a text. */
function configOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function differs(name: string, declared: unknown, there: unknown): string[] {
  if (declared === undefined || UNKNOWN.test(JSON.stringify(declared) ?? '')) {
    // Within a map the other values are known.
    if (typeof declared !== 'object' || declared === null || Array.isArray(declared)) return [];
  }
  if (typeof declared === 'object' && declared !== null && !Array.isArray(declared)) {
    // An authConfig is JSON in a text, by the official SDK's model.
    const map = Object(configOf(there));
    return Object.entries(declared).flatMap(([key, value]) =>
      differs(`${name}.${key}`, value, map[key]),
    );
  }
  if (isEqual(name, declared, there)) return [];
  const shown = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value));
  // A variable may hold a private value.
  if (name.startsWith('environmentVariables.')) return [`${name} is another`];
  return [`${name} is ${shown(there)}, declared ${shown(declared)}`];
}

function isEqual(name: string, declared: unknown, there: unknown): boolean {
  if (Array.isArray(declared)) return Array.isArray(there) && sorted(declared) === sorted(there);
  // The deploy tool puts role ARNs into lower case, and accepts a bare name.
  if (name === 'role') {
    const [wanted, found] = [String(declared).toLowerCase(), String(there ?? '').toLowerCase()];
    return found === wanted || found.endsWith(`:role/${wanted}`);
  }
  if (name === 'vpcConfig' && declared === AUTO) return Boolean(Object(there).vpcId);
  // FC's variables are texts, while s.yaml may have a number or true.
  if (name.startsWith('environmentVariables.') && declared !== null)
    return String(declared) === there;
  return declared === there || ((declared ?? '') === '' && (there ?? '') === '');
}

function sorted(list: unknown[]): string {
  return JSON.stringify(list.map((one) => JSON.stringify(one)).sort());
}

function triggersOf(props: Described): Described[] {
  return Array.isArray(props.triggers) ? (props.triggers as Described[]) : [];
}
