#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCES = '--conditions=fc-source';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const source = new URL('../src/cli/main.ts', import.meta.url);
const require = createRequire(import.meta.url);

// A package contains compiled files. A checkout of the repository has the sources: they run
// directly, in a Node.js that can read TypeScript.
if (!existsSync(source)) await runPacked();
else if (process.execArgv.includes(SOURCES)) await run(await import(source));
else await runSources();

async function run({ main, processIo }, ready) {
  process.exitCode = await main(process.argv.slice(2), processIo(ready));
}

// The code that a first start has compiled is kept when it is ready, so that it is ready no later.
async function runPacked() {
  const { core, keep } = require('../dist/load.cjs');
  await run(core.cli(), (withFunctions) => setImmediate(keep, withFunctions));
}

async function runSources() {
  const { spawn } = await import('node:child_process');
  const tsx = pathToFileURL(require.resolve('tsx')).href;
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
