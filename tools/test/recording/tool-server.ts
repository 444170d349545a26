import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';

/** What the script that replaces the deploy tool was started with. */
interface Started {
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
}

interface Resource {
  component: string;
  props: object;
  actions?: object;
}

const COMMANDS = ['deploy', 'remove', 'info'] as const;
type Command = (typeof COMMANDS)[number];
type Component = new () => Record<Command, (inputs: object) => Promise<object>>;

const require = createRequire(import.meta.url);
let listening: Promise<Server> | undefined;

/** Returns the port at which this process runs components for the scripts that replace the deploy tool. */
export async function toolPort(): Promise<number> {
  listening ??= new Promise((listens, reject) => {
    const server = createServer({ allowHalfOpen: true }, (socket) => void serve(socket));
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => listens(server.unref()));
  });
  return ((await listening).address() as AddressInfo).port;
}

async function serve(socket: Socket): Promise<void> {
  // A script that was ended needs no answer.
  socket.on('error', () => socket.destroy());
  const printed: string[] = [];
  const ended = { stderr: '', code: 0 };
  try {
    let started = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      started += piece;
    });
    await finished(socket, { writable: false });
    await run(JSON.parse(started), (line) => printed.push(line));
  } catch (error) {
    ended.stderr = `Error Message: ${error instanceof Error ? error.message : error}\n`;
    ended.code = 101;
  }
  const stdout = printed.map((line) => `${line}\n`).join('');
  socket.end(JSON.stringify({ stdout, ...ended }));
}

async function run({ args, env, cwd }: Started, say: (line: string) => void): Promise<void> {
  const optionOf = (name: string) => args[args.indexOf(name) + 1] ?? '';
  const command = COMMANDS.find((one) => args.includes(one));
  if (!command) throw new Error(`no command in ${args.join(' ')}`);
  const { resources } = JSON.parse(readFileSync(resolve(cwd, optionOf('-t')), 'utf8')) as {
    resources: Record<string, Resource>;
  };
  const credential = JSON.parse(env[optionOf('--access')] ?? '');
  for (const [name, { component, props, actions }] of Object.entries(resources)) {
    if (args[0] !== command && args[0] !== name) continue;
    if (actions) say(`actions of ${name}: ${JSON.stringify(actions)}`);
    const Component: Component = require(`./components/${component.split('@')[0]}.cjs`);
    const getCredential = async () => credential;
    const inputs = { props, resource: { name }, getCredential, env, cwd, say };
    say(JSON.stringify(await new Component()[command](inputs)));
  }
}
