import { READMES } from '../parts/places.ts';

const [ENGLISH, CHINESE] = READMES;

/** Returns the README of a project, with the rows of all functions in its table. */
export function projectReadme(name: string, rows: readonly string[]): string {
  return `# ${name}

Functions in TypeScript for Alibaba Cloud Function Compute (FC 3.0). [中文](${CHINESE.file})

## Run it

You need Node.js 20 or later, and no account.

\`\`\`sh
npm ci
npm test             # types, lint, build, check, tests
npm start            # the whole project on this machine, with a console; Ctrl-C stops it
\`\`\`

${ENGLISH.chapter}

| function | I have | I want to |
|---|---|---|
${rows.join('\n')}

\`docs/functions/\` has a page on each: what it does with input that is wrong, repeated, late or too large.

## Change it

| what | where |
|---|---|
| which functions there are; triggers, variables, memory, timeout | \`s.yaml\` |
| queues, topics, buckets, a role for each function | \`infra/template.yaml\` |
| what an order looks like, in the samples with orders | \`functions/order.ts\` |
| testing, staging, production | \`env.yaml\` |

A name in the code, such as \`QUEUE_NAME\`, is the same name in \`s.yaml\`.

\`\`\`sh
npx fc-templates add oss-uploader --as photo-box     # one more function; --dry-run shows what it would write
npm run build && npm run check                       # finds what would fail only in the cloud
npx fc-templates remove photo-box                    # takes it out again, with what it alone used
npm start -- --inspect <function>               # that function takes a debugger on port 9229
\`\`\`

## Deploy it

\`\`\`sh
npx s config add -a default        # once: a RAM user's key pair and the account's id
npm run deploy                     # builds, creates the stack of infra/template.yaml, then the functions
npx fc-templates info              # the addresses
npx fc-templates undeploy          # takes everything away
\`\`\`

\`APP_NAME\`, \`BUCKET_NAME\` and \`REGION\` in the environment or in \`.env\` let two people deploy side by side.
`;
}

/** Returns the same README in Chinese. */
export function chineseProjectReadme(name: string, rows: readonly string[]): string {
  return `# ${name}

使用 TypeScript 编写的阿里云函数计算（FC 3.0）应用。[English](${ENGLISH.file})

## 在本机运行

需要 Node.js 20 或更高版本，不需要阿里云账号。

\`\`\`sh
npm ci
npm test             # 类型检查、代码规范、构建、项目检查、测试
npm start            # 在本机运行整个项目，自带控制台；按 Ctrl-C 停止
\`\`\`

${CHINESE.chapter}

| 函数 | 已有 | 需要 |
|---|---|---|
${rows.join('\n')}

\`docs/functions/\` 中每个函数各有一页说明：输入有误、重复、迟到或过大时，函数如何处理。

## 修改项目

| 内容 | 位置 |
|---|---|
| 有哪些函数；触发器、环境变量、内存、超时时间 | \`s.yaml\` |
| 队列、主题、Bucket、每个函数的 RAM 角色 | \`infra/template.yaml\` |
| 示例中订单的结构 | \`functions/order.ts\` |
| 测试、预发、生产环境 | \`env.yaml\` |

代码中的名称（例如 \`QUEUE_NAME\`）与 \`s.yaml\` 中的名称一致。

\`\`\`sh
npx fc-templates add oss-uploader --as photo-box     # 添加一个函数；加上 --dry-run 只显示将要写入的内容
npm run build && npm run check                       # 找出部署到云上才会暴露的问题
npx fc-templates remove photo-box                    # 移除该函数及其独占的资源
npm start -- --inspect <function>               # 该函数在 9229 端口接受调试器
\`\`\`

## 部署

\`\`\`sh
npx s config add -a default        # 只需一次：RAM 用户的 AccessKey 和账号 ID
npm run deploy                     # 构建，创建 infra/template.yaml 的资源栈，再部署函数
npx fc-templates info              # 查看访问地址
npx fc-templates undeploy          # 删除全部已部署的内容
\`\`\`

在环境变量或 \`.env\` 中设置 \`APP_NAME\`、\`BUCKET_NAME\` 和 \`REGION\`，多人可以互不影响地部署。
`;
}
