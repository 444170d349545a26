import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlainYaml } from '#src/project/plain-yaml';
import { parseDocumentOf } from '#src/project/yaml-document';
import { seededRandom } from '#test/seeded-random';

const ROOT = join(import.meta.dirname, '../../..');
const PROJECTS = join(ROOT, 'local/test/fixtures/projects');

/** What this repository runs, and projects from practice. */
const FILES = [
  ...['s.yaml', 'env.yaml', 'publish.yaml', 'infra/template.yaml', 'infra/ci.yaml'].map((name) =>
    join(ROOT, name),
  ),
  ...readdirSync(PROJECTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(PROJECTS, name)),
];

/** What an edit adds. */
const PIECES = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n ',
    '\n\n',
    ': ',
    ':',
    '- ',
    '-',
    '#',
    ' #',
    "'",
    '"',
    '\\',
    '[',
    ']',
    '{',
    '}',
    ',',
  ],
  ...[
    '!Ref ',
    '! ',
    '|',
    '>',
    '|\n',
    '>-\n',
    '&a ',
    '*a',
    '<<: ',
    '0',
    '.',
    '~',
    '?',
    '? ',
    '%',
    '=',
    'true',
  ],
];

const ROUNDS = 400;

type Outcome = { tree: unknown } | { error: string };

function byTheLibrary(text: string, anyShortForm: boolean): Outcome {
  try {
    return { tree: parseDocumentOf(text, 'x.yaml', anyShortForm) };
  } catch (error) {
    return { error: String(error) };
  }
}

/** Returns whether the text was read; fails if it was read otherwise than by the library. */
function agrees(text: string, anyShortForm = true): boolean {
  const tree = readPlainYaml(text, 'x.yaml', anyShortForm);
  if (tree === undefined) return false;
  expect({ text, tree }).toStrictEqual({ text, ...byTheLibrary(text, anyShortForm) });
  return true;
}

describe('the quick reader of YAML', () => {
  it.each(FILES.map((path) => path.slice(ROOT.length + 1)))(
    'reads %s as the library does',
    (name) => {
      const text = readFileSync(join(ROOT, name), 'utf8');
      agrees(text, false);
      agrees(text, true);
    },
  );

  it.each(['s.yaml', 'env.yaml', 'infra/template.yaml', 'infra/ci.yaml'])(
    'reads %s by itself',
    (name) => {
      expect(agrees(readFileSync(join(ROOT, name), 'utf8'))).toBe(true);
    },
  );

  it.each([
    ['values', 'a: b\nc: 1\nd: -2\ne: 1.5\nf: true\ng: null\nh: ~\ni:\nj: 2015-09-01\nk: 1.2.3\n'],
    ['texts that look like others', 'a: yes\nb: no\nc: on\nd: "5"\ne: \'true\'\nf: =\ng: 12:30\n'],
    ['keys with colons', 'ALIYUN::X: a\nFn::Sub: b\noss:y: acs:oss:*\n'],
    ['quotes', 'a: \'it\'\'s\'\nb: "a\\n\\"b\\""\n"c d": e\n\'f\': "#"\n'],
    ['comments', '# a\na: b # c\n\n  # d\nb: # e\n  # f\n  c: d#e\n#g\n'],
    [
      'lists',
      'a:\n  - b\n  - c: d\n    e: f\n  -   g: h\n      i:\n        - j\nk:\n- l\n- m: n\n',
    ],
    [
      'brackets',
      'a: [b, "c", 1, true]\nd: { e: f, "g": [h] }\ni: []\nj: {}\nk: [l: m, { n: o }]\n',
    ],
    ['tags', 'a: !Ref b\nc: !GetAtt [d, e]\nf: !Sub "g"\nh:\n  - !Ref i\n  - !Sub 5\n'],
    ['a literal block', 'a: |\n  b\n    c\n\n  d\n\ne: |-\n  f\ng:\n  - |\n    h\n'],
    ['a folded block', 'a: >-\n  b\n  c\n\n  d\n\n\n  e\nf: >\n  g\n\n# h\ni: j\n'],
    ['expressions', `a: \${env('B', 'c')}\nd: \${this.e}-f\ng: $h\n`],
    ['other scripts', 'a: 订单 # 中文\nb: "é"\nc: 😀\n'],
    ['no last line end', 'a: b\nc:\n  - d'],
    ['a document mark', '---\na: b\n'],
    ['an end mark', 'a: b\n...\n'],
    ['a text of several lines', 'a: b\n  c\n'],
    ['quotes over several lines', 'a: "b\n  c"\n'],
    ['brackets over several lines', 'a: [b,\n  c]\n'],
    ['a seldom escape', 'a: "\\x41"\n'],
    ['a dash in a dash', 'a:\n  - - b\n'],
    ['an explicit key', '? a\n: b\n'],
    ['a block that keeps its empty lines', 'a: |+\n  b\n\n'],
    ['a block with a stated indentation', 'a: |2\n   b\n'],
    ['a folded block with deeper lines', 'a: >\n  b\n    c\n'],
    ['a block that the file ends in', 'a: |\n  b'],
    ['blocks in lists', 'g:\n  - |\n\n    h\n  - !Sub >-\n    x\n  - |\n  - i: |\n      j\n'],
    [
      'items that begin below their dash',
      'g:\n  -\n    - c\n  - !Ref\n    b\n  - "\n   z"\n  - [\n    a]\n',
    ],
    ['spaces at the end', 'a: b  \nc:  \n  d: "e"  \n'],
  ])('reads %s by itself', (_, text) => {
    expect(agrees(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a list', '- a\n'],
    ['a plain value', 'a\n'],
    ['a tab', 'a:\tb\n'],
    ['carriage returns', 'a: b\r\nc: d\r\n'],
    ['a byte order mark', '\ufeffa: b\n'],
    ['an anchor', 'a: &b c\nd: *b\n'],
    ['a merge key', 'a: &b\n  c: d\ne:\n  <<: *b\n'],
    ['the same key twice', 'a: b\na: c\n'],
    ['an octal number', 'a: 0o17\n'],
    ['zeros first', 'a: 017\n'],
    ['an infinite number', 'a: .inf\n'],
    ['a large number', 'a: 12345678901234567890\n'],
    ['a key that is a number', '1: a\n'],
    ['a colon in a value', 'a: b: c\n'],
    ['a colon at the end of a value', 'a: b:\n'],
    ['a list in the line of its key', 'a: - b\n'],
    ['too small an indentation', 'a:\n    b: c\n  d: e\n'],
    ['too large an indentation', 'a: b\n  c: d\n'],
    ['an empty item', 'a:\n  -\n  - b\n'],
    ['an open bracket', 'a: [b\n'],
    ['a comma too many', 'a: [b,, c]\n'],
    ['a reserved character', 'a: @b\n'],
    ['text after quotes', 'a: "b" c\n'],
    ['a comment without a space', 'a: "b"#c\n'],
    ['a tag of YAML itself', 'a: !!str 5\n'],
    ['a tag without a value', 'a: !Ref\n'],
    ['a directive', '%YAML 1.1\n---\na: yes\n'],
  ])('leaves %s to the library', (_, text) => {
    expect(readPlainYaml(text, 'x.yaml', true)).toBeUndefined();
  });

  it('leaves a tag that is none of the short forms to the library, unless all are taken', () => {
    expect(readPlainYaml('a: !Base64 b\n', 'x.yaml', false)).toBeUndefined();
    expect(agrees('a: !Base64 b\n', true)).toBe(true);
  });

  it('leaves to the library what would be more values than are allowed', () => {
    expect(readPlainYaml(`a: [${'1,'.repeat(60_000)}1]\n`, 'x.yaml', true)).toBeUndefined();
  });

  it.each([1, 2, 3, 4])(
    'reads changed files as the library does, or leaves them to it (%i)',
    (seed) => {
      const below = seededRandom(seed);
      const chance = (percent: number) => below(100) < percent;
      const sources = FILES.map((path) => readFileSync(path, 'utf8'));
      let read = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const lines = (sources[below(sources.length)] ?? '').split('\n');
        const from = below(lines.length);
        let text = `${lines.slice(from, from + 1 + below(14)).join('\n')}\n`;
        const margin = /^ */.exec(text)?.[0] ?? '';
        if (chance(70)) text = text.replaceAll(`\n${margin}`, '\n').slice(margin.length);
        for (let edits = below(4); edits > 0; edits--) {
          const at = below(text.length + 1);
          const removed = chance(50) ? below(4) : 0;
          const added = chance(80) ? (PIECES[below(PIECES.length)] ?? '') : '';
          text = text.slice(0, at) + added + text.slice(at + removed);
        }
        if (agrees(text, chance(50))) read++;
      }
      expect(read).toBeGreaterThan(ROUNDS / 10);
    },
  );
});
