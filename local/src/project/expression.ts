/** The text that s.yaml may have between `${` and `}`: a plain value, a call, or a path. */
export type Expression =
  | { kind: 'value'; value: string | number | boolean }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'path'; path: string[] };

export const KNOWN_EXPRESSIONS = [
  `\${env('NAME', 'default')}`,
  `\${config('AccountID')}`,
  `\${path('./file')}`,
  `\${file('./file')}`,
  `\${vars.x}`,
  `\${this.props.x}`,
  `\${resources.r.props.x}`,
  `\${resources.r.output.x}`,
].join(', ');

const TOKEN =
  /\s*(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w-]*(?:\.[\w-]+)*)|([(),]))/y;

/**
 * Parses the text between the braces; undefined when it is none of these. White space around it is
 * not allowed, as in the deploy tool.
 */
export function parseExpression(text: string): Expression | undefined {
  if (text.trim() !== text) return undefined;
  const tokens = tokenize(text);
  const end = { at: 0 };
  const expression = tokens && parse(tokens, end);
  return end.at === tokens?.length ? expression : undefined;
}

type Token =
  | { kind: 'value'; value: string | number | boolean }
  | { kind: 'name'; text: string }
  | { kind: 'mark'; text: string };

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const [, single, double, number, name, mark] = match;
    const quoted = single ?? double;
    if (quoted !== undefined) tokens.push({ kind: 'value', value: quoted });
    else if (number !== undefined) tokens.push({ kind: 'value', value: Number(number) });
    else if (name === 'true' || name === 'false')
      tokens.push({ kind: 'value', value: name === 'true' });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'mark', text: mark ?? '' });
  }
  return tokens;
}

function parse(tokens: readonly Token[], end: { at: number }): Expression | undefined {
  const token = tokens[end.at++];
  if (token?.kind === 'value') return token;
  if (token?.kind !== 'name') return undefined;
  if (!isMark(tokens[end.at], '(')) return { kind: 'path', path: token.text.split('.') };
  end.at++;
  const args: Expression[] = [];
  while (!isMark(tokens[end.at], ')')) {
    if (args.length > 0 && !isMark(tokens[end.at++], ',')) return undefined;
    const argument = parse(tokens, end);
    if (!argument) return undefined;
    args.push(argument);
  }
  end.at++;
  return { kind: 'call', name: token.text, args };
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
