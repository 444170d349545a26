import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the deploy tool and keeps what it prints. */
export function runS(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ran> {
  const child = spawn(process.execPath, [toolOf(root), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    ran.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    ran.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ran, code }));
  });
}

/** Runs the deploy tool in this terminal; resolves with its exit code. */
export function showS(root: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [toolOf(root), ...args], { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** The JSON that a command printed, past colours and what stands before it; undefined when there is none. */
export function jsonIn(text: string): unknown {
  const plain = stripVTControlCharacters(text);
  try {
    return JSON.parse(plain.slice(plain.indexOf('{'), plain.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

/** What the tool complains of, in one line: what it prints between its heading and its log's path. */
export function complaintIn({ stdout, stderr }: Ran): string {
  const plain = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const message = /Error Message:([\s\S]*?)(?:A complete log of this run|$)/.exec(plain)?.[1];
  return (message ?? plain).replace(/\s+/g, ' ').trim().slice(0, 300);
}

function toolOf(root: string): string {
  return join(root, 'node_modules', '@serverless-devs', 's', 'bin', 's');
}
