import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { englishOf, firstDifference } from '#src/check/languages';
import { ROOT } from '#test/repository';

const between = (english: string, chinese: string) =>
  firstDifference('docs/a.md', 'docs/a.zh-CN.md', (path) =>
    path === 'docs/a.md' ? english : chinese,
  );

const PAGE = `# Deploy

Once:

\`\`\`sh account
npm run deploy   # builds
# then:
npx fc-templates info
\`\`\`

| variable | meaning |
|---|---|
| \`REGION\` | where |
| \`APP_NAME\` | first part of \`every\` name |

## After \`undeploy\`

\`\`\`mermaid
flowchart LR
  a[One] --> b[Two]
\`\`\`
`;

const SAME = `# 部署

只需一次：

\`\`\`sh account
npm run deploy   # 构建
npx fc-templates info
\`\`\`

| 变量 | 含义 |
|---|---|
| \`REGION\` | 地域 |
| \`APP_NAME\` | 名称前缀 |

## \`undeploy\` 之后

\`\`\`mermaid
flowchart LR
  a[一] --> b[二]
\`\`\`
`;

it('two languages agree when they have the same headings, commands, tables and blocks', () => {
  expect(between(PAGE, SAME)).toBeUndefined();
});

describe('two languages differ by', () => {
  it.each([
    ['another level of a heading', ['## `undeploy`', '### `undeploy`'], 15, 'has a heading ###'],
    ['other code in a heading', ['`undeploy`', '`deploy`'], 15, 'has a heading ## `deploy`'],
    ['another command', ['npm run deploy', 'npm run check'], 6, 'has npm run check where'],
    ['another kind of block', ['sh account', 'yaml'], 5, 'has a block of yaml where'],
    ['a row more', ['| 地域 |\n', '| 地域 |\n| `X` | y |\n'], 13, '2 cells `X` where a.md:14 has'],
    ['a row less', ['| `REGION` | 地域 |\n', ''], 12, '2 cells `APP_NAME` where a.md:13 has'],
    ['a row about something else', ['`REGION`', '`ZONE`'], 12, 'a row of 2 cells `ZONE` where'],
    ['a column more', ['| 变量 | 含义 |', '| 变量 | 含义 | 默认 |'], 10, 'a table of 3 columns'],
  ] as const)('%s', (_what, [from, to], line, problem) => {
    const chinese = SAME.replace(from, to);
    expect(chinese).not.toBe(SAME);
    const found = between(PAGE, chinese);
    expect(found).toMatchObject({ line, problem: expect.stringContaining(problem) });
  });

  it('what only the English has at its end', () => {
    const found = between(`${PAGE}\n## More\n`, SAME);
    expect(found?.problem).toMatch(/^it ends where a\.md:\d+ has a heading ##$/);
  });

  it('what only the Chinese has at its end', () => {
    expect(between(PAGE, `${SAME}\n## 更多\n`)?.problem).toBe(
      'it has a heading ## where a.md ends',
    );
  });
});

it('a document in Chinese belongs to the English one beside it', () => {
  expect(englishOf('docs/deploy.zh-CN.md')).toBe('docs/deploy.md');
  expect(englishOf('docs/deploy.md')).toBeUndefined();
});

it.each(['shared', 'local', 'tools'])(
  'the README of %s says the same in both languages',
  (folder) => {
    const [english, chinese] = [`${folder}/README.md`, `${folder}/README.zh-CN.md`];
    const texts = (path: string) => readFileSync(join(ROOT, path), 'utf8');
    const difference = firstDifference(english, chinese, texts);
    expect(difference && `${chinese}:${difference.line}: ${difference.problem}`).toBeUndefined();
  },
);
