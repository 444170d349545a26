import type { Files } from '../parts/files.ts';
import { CHINESE_README_FILE, README_FILE } from '../parts/places.ts';
import { rowIn } from '../parts/readme.ts';

/** Returns what a function does, from the last cell of its row in that README. */
function does(catalog: Files, readme: string, name: string): string {
  const row = rowIn(catalog.get(readme) ?? '', name) ?? '';
  return row.replace(/\s*\|\s*$/, '').replace(/^.*\|\s*/, '');
}

/** Returns a template's description in one line, Chinese first. */
export function description(catalog: Files, functions: readonly string[]): string {
  const [name = ''] = functions;
  if (functions.length > 1)
    return '函数计算 TypeScript 函数集：SMQ 队列与主题、OSS、跨函数调用 · TypeScript functions for SMQ queues and topics, OSS and calls of other functions';
  return `${does(catalog, CHINESE_README_FILE, name)} · ${capital(does(catalog, README_FILE, name))}`;
}

const COMMANDS = (comments: { start: string; test: string; add: string; deploy: string }) => `\`\`\`
npm ci
npm start                        # ${comments.start}
npm test                         # ${comments.test}
npx s config add -a default      # ${comments.add}
npm run deploy                   # ${comments.deploy}
\`\`\``;

/** Returns readme.md, which the registry shows. */
export function chineseReadme(catalog: Files, functions: readonly string[]): string {
  const list = functions.map(
    (name) => `- \`${name}\`：${does(catalog, CHINESE_README_FILE, name)}`,
  );
  return `# ${titleOf(functions)}

使用 TypeScript 编写的函数计算（FC 3.0）应用，可以在本机完整运行，不需要阿里云账号。[English](./readme.en.md)

${list.join('\n')}

需要 Node.js 20 或更高版本：

${COMMANDS({
  start: '在本机运行整个项目，自带控制台；按 Ctrl-C 停止',
  test: '类型检查、代码规范、构建、项目检查、测试',
  add: '只需一次：RAM 用户的 AccessKey 和账号 ID',
  deploy: '构建，创建 ROS 资源栈，再部署函数',
})}

部署时先创建 \`infra/template.yaml\` 中的 ROS 资源栈（队列、主题、Bucket，以及每个函数一个最小权限的 RAM 角色），
再部署函数。删除全部已部署的内容：\`npx fc-templates undeploy\`。添加函数：\`npx fc-templates add oss-uploader\`。
`;
}

/** Returns the same readme in English. */
export function englishReadme(catalog: Files, functions: readonly string[]): string {
  const list = functions.map((name) => `- \`${name}\`: ${does(catalog, README_FILE, name)}`);
  return `# ${titleOf(functions)}

Functions in TypeScript for Function Compute (FC 3.0). They run whole on your machine too, with no account.

${list.join('\n')}

You need Node.js 20 or later:

${COMMANDS({
  start: 'the whole project on this machine, with a console; Ctrl-C stops it',
  test: 'types, lint, build, check, tests',
  add: "once: a RAM user's key pair and the account's id",
  deploy: 'builds, creates the ROS stack, then the functions',
})}

A deployment first creates the ROS stack of \`infra/template.yaml\` (queues, topics, a bucket, and for each
function a role that may do what it does and nothing more), then the functions. \`npx fc-templates undeploy\`
takes all of it away; \`npx fc-templates add oss-uploader\` adds a function.
`;
}

function titleOf(functions: readonly string[]): string {
  return functions.length === 1 ? (functions[0] ?? '') : 'fc-templates';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
