import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, brokenness, linksIn } from '../documents/links.ts';
import { blocksIn, documents, ROOT, read } from '../documents/markdown.ts';
import { isShell, MARKS } from '../documents/marks.ts';

const DOCUMENTS = documents();
const CHINESE = '.zh-CN.md';

it('finds the documents', () => {
  expect(DOCUMENTS).toEqual(
    expect.arrayContaining(['README.md', 'docs/deploy.md', 'docs/functions/oss-uploader.zh-CN.md']),
  );
});

describe.each(DOCUMENTS)('%s', (file) => {
  it('has links that resolve', () => {
    const broken = linksIn(read(file)).flatMap((link) => {
      const what = brokenness(file, link);
      return what === undefined ? [] : [`${file}:${link.line}: ${what}`];
    });
    expect(broken).toEqual([]);
  });

  it('has blocks that say their language, and marks that are known', () => {
    const strange = blocksIn(file).flatMap(({ line, language, marks, ...block }) => {
      const known = isShell({ line, language, marks, ...block }) ? Object.keys(MARKS) : ['output'];
      const unknown = marks.filter((mark) => !known.includes(mark));
      return language === '' || unknown.length > 0 ? [`${file}:${line}: ${unknown}`] : [];
    });
    expect(strange).toEqual([]);
  });
});

it.each(DOCUMENTS.filter((file) => file.endsWith(CHINESE)))(
  '%s links to documents in Chinese if they exist',
  (file) => {
    const own = posix.basename(file).replace(CHINESE, '.md');
    const missed = linksIn(read(file)).filter(({ target }) => {
      const [path = ''] = target.split('#');
      const chinese = posix.join(posix.dirname(file), path.replace(/\.md$/, CHINESE));
      const isOther = path.endsWith('.md') && !path.endsWith(CHINESE) && path !== own;
      return isOther && existsSync(join(ROOT, chinese));
    });
    expect(missed).toEqual([]);
  },
);

it('anchors are made as the pages of the repository make them', () => {
  const text =
    '# What it costs\n## `a.b`, c & d\n## 与云上的差异\n## What it costs\n```sh\n# no\n```\n';
  expect(anchorsOf(text)).toEqual(['what-it-costs', 'ab-c--d', '与云上的差异', 'what-it-costs-1']);
});

describe('README.md names every variable', () => {
  const readme = read('README.md');

  it('that s.yaml and env.yaml read from the environment', () => {
    const names = ['s.yaml', 'env.yaml'].flatMap((file) =>
      [...read(file).matchAll(/\$\{env\('(\w+)'/g)].map(([, name = '']) => name),
    );
    expect(names).toContain('REGION');
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('that gives a service another address', () => {
    const names = read('shared/src/net/endpoints.ts').match(/\b[A-Z]+_ENDPOINT\b/g) ?? [];
    expect(names).toContain('SMQ_ENDPOINT');
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/troubleshooting.md explains every error code', () => {
  const page = read('docs/troubleshooting.md');
  const unexplained = (codes: readonly string[]) =>
    [...new Set(codes)].filter((code) => !page.includes(`\`${code}\``));

  it('that fc-kit gives an error, or has a remedy for', () => {
    const codes = sources('shared/src').flatMap((text) => [
      ...named(text, /\bcode: '([A-Z]\w+)'/g),
      ...named(text, /^const [A-Z_]+ = '([A-Z][a-z]+[A-Z]\w+)';/gm),
      ...named(
        text.split(/\bREMEDIES\b.* = \{\n/)[1]?.split('\n};')[0] ?? '',
        /^ {2}'?([A-Z][\w.]+)'?:/gm,
      ),
    ]);
    expect(codes).toEqual(
      expect.arrayContaining(['ClaimGone', 'ConnectionFailed', 'QpsLimitExceeded']),
    );
    expect(unexplained(codes)).toEqual([]);
  });

  it.each([
    ['SMQ', 'smq/errors.ts', 'QueueNotExist'],
    ['OSS', 'oss/errors.ts', 'NoSuchKey'],
    ['OpenAPIs', 'openapi/errors.ts', 'InvalidTimeStamp.Expired'],
    ['STS', 'identities/assume-role-error.ts', 'EntityNotExist.Role'],
    ['Function Compute', 'fc/errors.ts', 'FunctionNotFound'],
  ])('that the local %s answers', (_service, file, known) => {
    const codes = named(read(`local/src/${file}`), /^ {2}'?([A-Z][\w.]+)'?: ?[[{\d]/gm);
    expect(codes).toContain(known);
    expect(unexplained(codes)).toEqual([]);
  });
});

function named(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(ROOT, folder, path), 'utf8'));
}
