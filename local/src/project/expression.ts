/** What may stand between `${` and `}` in s.yaml. */
export type Expression =
  | { kind: 'env'; name: string; fallback: string | number | boolean | undefined }
  | { kind: 'config'; key: string }
  | { kind: 'path'; path: string }
  | { kind: 'vars'; path: string[] }
  | { kind: 'this'; path: string[] }
  | { kind: 'props'; resource: string; path: string[] }
  | { kind: 'output'; resource: string; path: string[] };

export const KNOWN_EXPRESSIONS = [
  `\${env('NAME', 'default')}`,
  `\${config('AccountID')}`,
  `\${path('./file')}`,
  `\${vars.x}`,
  `\${this.props.x}`,
  `\${resources.r.props.x}`,
  `\${resources.r.output.x}`,
].join(', ');

const QUOTED = `(?:'([^']*)'|"([^"]*)")`;
const ENV = new RegExp(
  String.raw`^env\(\s*${QUOTED}\s*(?:,\s*(?:${QUOTED}|(-?\d+(?:\.\d+)?|true|false))\s*)?\)$`,
);
const CALL = new RegExp(String.raw`^(config|path)\(\s*${QUOTED}\s*\)$`);
const DOTTED = /^[\w-]+(\.[\w-]+)+$/;

/** Parses the text between the braces; undefined when it is none of the known forms. White space around it is not allowed: the deploy tool does not allow it either. */
export function parseExpression(text: string): Expression | undefined {
  const env = ENV.exec(text);
  if (env) {
    const quoted = env[3] ?? env[4];
    const bare = env[5];
    const fallback = quoted ?? (bare === undefined ? undefined : literal(bare));
    return { kind: 'env', name: env[1] ?? env[2] ?? '', fallback };
  }
  const call = CALL.exec(text);
  if (call) {
    const argument = call[2] ?? call[3] ?? '';
    return call[1] === 'config'
      ? { kind: 'config', key: argument }
      : { kind: 'path', path: argument };
  }
  return DOTTED.test(text) ? parseReference(text.split('.')) : undefined;
}

function parseReference([root, ...path]: string[]): Expression | undefined {
  if (root === 'vars') return { kind: 'vars', path };
  if (root === 'this' && path[0] === 'props' && path.length > 1)
    return { kind: 'this', path: path.slice(1) };
  const [resource, section, ...rest] = path;
  if (root !== 'resources' || resource === undefined || rest.length === 0) return undefined;
  if (section === 'props') return { kind: 'props', resource, path: rest };
  return section === 'output' ? { kind: 'output', resource, path: rest } : undefined;
}

function literal(text: string): number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return Number(text);
}
