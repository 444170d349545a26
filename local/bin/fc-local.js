#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCES = '--conditions=fc-source';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const source = new URL('../src/cli/main.ts', import.meta.url);
const packed = new URL('../dist/cli.js', import.meta.url);

// A package contains compiled files. A checkout of the repository has the sources: they run
// directly, in a Node.js that can read TypeScript.
if (!existsSync(source)) await run(packed);
else if (process.execArgv.includes(SOURCES)) await run(source);
else await runSources();

async function run(module) {
  const { main } = await import(module);
  process.exitCode = await main(process.argv.slice(2));
}

async function runSources() {
  const { spawn } = await import('node:child_process');
  const { createRequire } = await import('node:module');
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const self = fileURLToPath(import.meta.url);
  const args = ['--import', tsx, SOURCES, self, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
