/** A name that a module imports from another. */
export interface Taken {
  /** The name in the other module; `*` is everything, as one object or as its own exports. */
  name: string;
  /** The name in this module. */
  local: string;
  isType: boolean;
}

/** `import` or `export … from`. */
export interface Link {
  specifier: string;
  taken: Taken[];
}

/** A statement at a module's top level, with the comment above it. */
export interface Statement {
  text: string;
  /** What it declares; empty for a statement that is there for its effect. */
  declares: string[];
  isType: boolean;
  /** Identifiers that it may refer to: at least those it does refer to. */
  mentions: ReadonlySet<string>;
  /** Modules that it imports when it runs, or names in `import('…')` types. */
  imports: string[];
}

export interface Module {
  /** Path from the package's root, with slashes. */
  path: string;
  imports: Link[];
  exports: Link[];
  statements: Statement[];
}

const DECLARATION =
  /^(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|enum|const enum|const|let|var|namespace) ([A-Za-z_$][\w$]*)/;
const LINK = /^(import|export) (?:(type) )?(?:([\s\S]*?) from )?'([^']+)';$/;

/**
 * Reads a module of fc-kit. Relies on its formatting: each statement at the top level begins in the first
 * column, and nothing else does except its closing line.
 */
export function readModule(path: string, text: string): Module {
  const module: Module = { path, imports: [], exports: [], statements: [] };
  for (const written of topLevel(text)) {
    const code = withoutComments(written).trim();
    const [, kind, type, names, specifier] = LINK.exec(code) ?? [];
    if (specifier !== undefined) {
      const links = kind === 'import' ? module.imports : module.exports;
      links.push({ specifier, taken: takenIn(names, type !== undefined) });
    } else if (code) module.statements.push(statement(written, code));
  }
  return module;
}

function statement(text: string, code: string): Statement {
  const [, name] = DECLARATION.exec(code) ?? [];
  return {
    text,
    declares: name ? [name] : [],
    isType: /^(?:export )?(?:declare )?(?:interface|type) /.test(code),
    mentions: new Set(withoutTexts(code).match(/(?<![\w$]|(?<!\.\.)\.)[A-Za-z_$][\w$]*/g) ?? []),
    imports: [...code.matchAll(/\bimport\('([^']+)'\)/g)].map(([, specifier = '']) => specifier),
  };
}

/** Splits the text into statements, each with the comments above it. */
function topLevel(text: string): string[] {
  const pieces: string[] = [];
  let [piece, isOpen, inComment] = ['', false, false];
  for (const line of text.split('\n')) {
    const isComment = inComment || /^(\/\*|\/\/)/.test(line);
    if (isComment) inComment = !line.includes('*/') && !line.startsWith('//');
    const begins = /^[^\s})\]>]/.test(line);
    if (begins && isOpen) {
      pieces.push(piece.trim());
      [piece, isOpen] = ['', false];
    }
    piece += `${line}\n`;
    if (begins && !isComment) isOpen = true;
  }
  return [...pieces, piece.trim()].filter(Boolean);
}

function takenIn(names: string | undefined, isType: boolean): Taken[] {
  if (names === undefined) return [];
  const [, one, rest = ''] = /^([\w$]+)?(?:, )?([\s\S]*)$/.exec(names) ?? [];
  const out: Taken[] = one ? [{ name: 'default', local: one, isType }] : [];
  const [, space] = /^\*(?: as ([\w$]+))?$/.exec(rest) ?? [];
  if (rest.startsWith('*')) return [...out, { name: '*', local: space ?? '*', isType }];
  for (const item of rest.replace(/[{}\n]/g, ' ').split(',')) {
    const [, type, name, local] = /^\s*(type )?([\w$]+)(?: as ([\w$]+))?\s*$/.exec(item) ?? [];
    if (name) out.push({ name, local: local ?? name, isType: isType || type !== undefined });
  }
  return out;
}

function withoutComments(text: string): string {
  return text.replace(/(^|\s)\/\*[\s\S]*?\*\//g, '$1').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Removes what is in single quotes, except in lines with a template, where an apostrophe may be one. */
function withoutTexts(code: string): string {
  return code
    .split('\n')
    .map((line) => (line.includes('`') ? line : line.replace(/'(?:[^'\\]|\\.)*'/g, "''")))
    .join('\n');
}
