/** Characters of a variable part of a resource. */
const CLASSES = {
  /** A region, without `oss-`. */
  region: /[a-z0-9-]/,
  account: /\d/,
  bucket: /[a-z0-9-]/,
  /** A name of one level. */
  name: /[^/]/,
  rest: /[\s\S]/,
} as const;

/** One character, or any number of them. */
interface Token {
  many: boolean;
  takes(char: string): boolean;
}
type Form = readonly Token[];

interface Service {
  region: string;
  /** Resources that the local cloud checks against policies, after the account. */
  asked: readonly string[];
  /** Further resources that the cloud checks; a Deny of one of these would do nothing here. */
  elsewhere?: string;
  remedy: string;
}

/**
 * `<part>` is at least one character of its class, `<rest?>` any number of any. OSS's region is
 * `*`, which must be written literally.
 */
const SERVICES: Readonly<Record<string, Service>> = {
  oss: {
    region: '*',
    asked: ['*', '<bucket>', '<bucket>/<rest?>'],
    remedy:
      'write acs:oss:*:*:<bucket> for the bucket and acs:oss:*:*:<bucket>/<key> for objects; the region of OSS is always *',
  },
  mns: {
    region: '<region>',
    asked: [
      '/',
      '/queues',
      '/queues/<name>',
      '/queues/<name>/messages',
      '/topics',
      '/topics/<name>',
      '/topics/<name>/messages',
      '/topics/<name>/subscriptions',
      '/topics/<name>/subscriptions/<name>',
    ],
    remedy: 'write acs:mns:*:*:/queues/<queue>/messages or acs:mns:*:*:/topics/<topic>/messages',
  },
  fc: {
    region: '<region>',
    asked: ['functions/<name>', 'services/<name>/functions/<name>'],
    elsewhere: '<rest?>',
    remedy: 'write acs:fc:*:*:functions/<function>',
  },
  ram: {
    region: '',
    asked: ['role/<rest?>'],
    elsewhere: '<rest?>',
    remedy: 'write acs:ram::<account>:role/<role>, or * in the place of the account',
  },
  mpaas: {
    region: '<region>',
    asked: ['*'],
    elsewhere: '<rest?>',
    remedy: 'write acs:mpaas:*:*:*',
  },
};

const ACCOUNT = readForm('<account>');
const FORMS = Object.entries(SERVICES).map(([name, { region, asked, elsewhere, remedy }]) => {
  const forms = asked.map(readForm);
  const all = elsewhere === undefined ? forms : [...forms, readForm(elsewhere)];
  return { name, letters: readForm(name), region: readForm(region), asked: forms, all, remedy };
});

/**
 * Returns what to write instead of a resource that no check here can match, of a service that
 * exists here; undefined when one can, and for other services. `excludes` says that the statement
 * takes a permission away: then it must match what is checked here, not only in the cloud.
 */
export function remedyOfResource(resource: string, excludes: boolean): string | undefined {
  const [, service = '', region = '', account = '', ...rest] = resource.split(':');
  const relative = rest.join(':');
  const meant = FORMS.filter(({ name, letters }) => isNamed(service.toLowerCase(), name, letters));
  const matching = meant.find(
    (forms) =>
      isNamed(service, forms.name, forms.letters) &&
      canMatch(region, forms.region) &&
      canMatch(account, ACCOUNT) &&
      (excludes ? forms.asked : forms.all).some((form) => canMatch(relative, form)),
  );
  return matching ? undefined : meant[0]?.remedy;
}

/** Returns whether a pattern, which seldom is more than a name, matches the name. */
function isNamed(pattern: string, name: string, letters: Form): boolean {
  return /[*?]/.test(pattern) ? canMatch(pattern, letters) : pattern === name;
}

function readForm(text: string): Form {
  return text.split(/(<[a-z]+\??>)/).flatMap((piece): Token[] => {
    const [, part, optional] = /^<([a-z]+)(\?)?>$/.exec(piece) ?? [];
    if (part === undefined) return [...piece].map((one) => ({ many: false, takes: is(one) }));
    const takes = isOf(CLASSES[part as keyof typeof CLASSES]);
    return optional
      ? [{ many: true, takes }]
      : [
          { many: false, takes },
          { many: true, takes },
        ];
  });
}

function is(one: string): Token['takes'] {
  return (char) => char === one;
}

function isOf(characters: RegExp): Token['takes'] {
  return (char) => characters.test(char);
}

/**
 * Returns whether some text matches both the pattern, in which `*` is any text and `?` any
 * character, and the form. Takes time proportional to the product of the two lengths.
 */
function canMatch(pattern: string, form: Form): boolean {
  if (pattern === '*') return true;
  let reached = skipOptional(new Set([0]), form);
  for (const char of pattern) {
    const next = new Set<number>();
    if (char === '*') for (let at = Math.min(...reached); at <= form.length; at++) next.add(at);
    else
      for (const at of reached) {
        const token = form[at];
        if (token && (char === '?' || token.takes(char))) next.add(token.many ? at : at + 1);
      }
    if (next.size === 0) return false;
    reached = skipOptional(next, form);
  }
  return reached.has(form.length);
}

/**
 * Adds the positions after a token that can be empty: a token of many characters may also take
 * none. Positions come in ascending order.
 */
function skipOptional(reached: Set<number>, form: Form): Set<number> {
  for (const at of reached) if (form[at]?.many) reached.add(at + 1);
  return reached;
}
