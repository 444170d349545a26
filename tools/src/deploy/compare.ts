import type { Described } from '../cloud/functions.ts';

/** What is declared of a function in s.yaml, and what FC says it is. */
export interface Compared {
  props: Described;
  described: Described;
  triggers: readonly Described[];
  /** What GetAsyncInvokeConfig answers; undefined where there is none. */
  asyncConfig?: Described | undefined;
}

/** Of the component's props, those that FC's GetFunction has under the same name. */
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

/** Trigger types whose triggerConfig reaches FC under the names of s.yaml; the component makes another of an eventbridge trigger's. */
const PLAIN_TRIGGERS = ['http', 'timer', 'oss', 'mns_topic'];

/** What is compared apart from SAME_NAME, and what only names the function or what it is made of. */
const APART = ['functionName', 'region', 'triggers', 'asyncInvokeConfig'];

/** In the place of a value: the deploy tool finds or makes one, and FC has what it made. */
const AUTO = 'auto';

/** An output that is not known yet: nothing to compare. */
const UNKNOWN = /\$\{resources\./;

/** How FC's description differs from what is declared, one line each: `timeout is 30, declared 60`. What is not declared is FC's own affair; the code is compared by no one here, since FC has its checksum and the deploy tool makes the package. */
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

/** Whether a difference is one that a deployment leaves as it is. */
export function isLeft(difference: string): boolean {
  return difference.endsWith('; deploying leaves it');
}

/** The declared props that `differences` says nothing of; what the deploy tool finds or makes itself is none. */
export function uncompared(props: Described): string[] {
  const compared = [...SAME_NAME, ...APART];
  return Object.keys(props).filter((name) => !compared.includes(name) && props[name] !== AUTO);
}

function triggerDiffers(declared: Described, there: readonly Described[]): string[] {
  const name = `trigger "${declared.triggerName}"`;
  const found = there.find(({ triggerName }) => triggerName === declared.triggerName);
  if (!found) return [`${name} is not there`];
  if (found.triggerType !== declared.triggerType)
    return differs(`${name} type`, declared.triggerType, found.triggerType);
  if (!PLAIN_TRIGGERS.includes(String(declared.triggerType))) return [];
  const there_ = configOf(found.triggerConfig);
  return there_ === undefined ? [] : differs(name, declared.triggerConfig, there_);
}

/** FC answers a trigger's configuration as JSON in a text. */
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
    // Inside of a map the other values are known.
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
  const shown = (value: unknown) => (value === undefined ? 'not there' : JSON.stringify(value));
  // A variable may hold what is private.
  if (name.startsWith('environmentVariables.')) return [`${name} is another`];
  return [`${name} is ${shown(there)}, declared ${shown(declared)}`];
}

function isEqual(name: string, declared: unknown, there: unknown): boolean {
  if (Array.isArray(declared)) return Array.isArray(there) && sorted(declared) === sorted(there);
  // The deploy tool puts role ARNs into lower case, and takes a bare name.
  if (name === 'role') {
    const [wanted, found] = [String(declared).toLowerCase(), String(there ?? '').toLowerCase()];
    return found === wanted || found.endsWith(`:role/${wanted}`);
  }
  if (name === 'vpcConfig' && declared === AUTO) return Boolean(Object(there).vpcId);
  // FC's variables are texts, and s.yaml may have a number or true.
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
