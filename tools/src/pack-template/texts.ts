import type { Files } from '../parts/files.ts';
import { README_FILE } from '../parts/places.ts';
import { rowIn } from '../parts/readme.ts';

/** What the functions do, in Chinese. */
const CHINESE: Record<string, string> = {
  'topic-publisher': '通过 HTTP 接收订单，校验后发布到 SMQ 主题',
  'queue-consumer': '定时消费 SMQ 队列，将每个订单保存为 OSS 对象，仅保存一次',
  'queue-event-consumer': '由 EventBridge 推送 SMQ 队列的消息，为每个订单生成一次发货单',
  'topic-subscriber': '由 SMQ 主题触发，保存每个订单的回执',
  'oss-uploader': '通过 HTTP 接收文件并保存为 OSS 对象',
  'upload-grant': '为浏览器签发直传 OSS 的授权：POST 策略、签名 URL 或受限的临时凭证',
  'oss-event-handler': '由 OSS 事件触发，为每个上传的对象写入一条记录',
  'oss-sweeper': '每天清理未完成的分片上传和过期的大消息',
  'oss-archiver': '将任意大小的多个 OSS 对象流式打包为一个 zip 对象',
  'queue-fleet': '根据队列积压量，同时启动多个消费函数',
  'mpaas-vhost': '扮演角色，使用临时凭证查询 mPaaS 应用的虚拟域名',
  'function-invoker': '并发调用其他函数（2.0 和 3.0），返回各自的结果',
};

/** A function's trigger and what it does: `timer`, `drains an SMQ queue …`. */
function row(catalog: Files, name: string): { trigger: string; does: string } {
  const [, , trigger = '', does = ''] = (rowIn(catalog.get(README_FILE) ?? '', name) ?? '')
    .split(' | ')
    .flatMap((cell, index) => (index === 0 ? ['', cell] : [cell.replace(/ \|$/, '')]));
  return { trigger, does };
}

/** What a template says of itself in a line, Chinese first. */
export function description(catalog: Files, functions: readonly string[]): string {
  const [name = ''] = functions;
  if (functions.length > 1)
    return `函数计算 TypeScript 函数集：SMQ 队列与主题、OSS、跨函数调用 · TypeScript functions for SMQ queues and topics, OSS and calls of other functions`;
  const { does } = row(catalog, name);
  return CHINESE[name] ? `${CHINESE[name]} · ${capital(does)}` : capital(does);
}

const COMMANDS = (folder: string) => `\`\`\`
npm ci
npm start                        # ${folder}
npm test
npx s config add -a default
npm run deploy
\`\`\``;

/** readme.md, which the registry shows. */
export function chineseReadme(catalog: Files, functions: readonly string[]): string {
  const list = functions.map(
    (name) => `- \`${name}\`：${CHINESE[name] ?? row(catalog, name).does}`,
  );
  return `# ${titleOf(functions)}

TypeScript 编写的函数计算（FC 3.0）应用，可在本机运行，无需账号。[English](./readme.en.md)

${list.join('\n')}

需要 Node.js 20：

${COMMANDS('在本机运行整个项目，Ctrl-C 停止')}

部署时先创建 \`infra/template.yaml\` 中的 ROS 资源栈（队列、主题、Bucket、每个函数一个最小权限角色），再部署函数。
删除：\`npx fc-templates undeploy\`。添加函数：\`npx fc-templates add oss-uploader\`。
`;
}

/** The same in English. */
export function englishReadme(catalog: Files, functions: readonly string[]): string {
  const list = functions.map((name) => `- \`${name}\` ${row(catalog, name).does}`);
  return `# ${titleOf(functions)}

Functions in TypeScript for Function Compute (FC 3.0), which also run on your machine with no account.

${list.join('\n')}

With Node.js 20:

${COMMANDS('the whole project on this machine; Ctrl-C stops it')}

A deployment first creates the ROS stack of \`infra/template.yaml\` (queues, topics, bucket, a role for each
function with what it needs and nothing more), then the functions. Take it away with
\`npx fc-templates undeploy\`, and add a function with \`npx fc-templates add oss-uploader\`.
`;
}

function titleOf(functions: readonly string[]): string {
  return functions.length === 1 ? (functions[0] ?? '') : 'fc-templates';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
