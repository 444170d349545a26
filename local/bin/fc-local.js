#!/usr/bin/env node
// CommonJS, for which Node.js loads less of its own.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const SOURCES = '--conditions=fc-source';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const source = join(__dirname, '../src/cli/main.ts');

// A package contains compiled files. A checkout of the repository has the sources: they run
// directly, in a Node.js that can read TypeScript.
if (!existsSync(source)) runPacked();
else if (process.execArgv.includes(SOURCES)) import('../src/cli/main.ts').then(run);
else runSources();

async function run({ main, processIo }, ready) {
  process.exitCode = await main(process.argv.slice(2), processIo(ready));
}

// The code that a first start has compiled is kept when it is ready, so that it is ready no later.
function runPacked() {
  const { core, keep } = require('../dist/load.cjs');
  run(core.cli(), (withFunctions) => setImmediate(keep, withFunctions));
}

function runSources() {
  const { spawn } = require('node:child_process');
  const { pathToFileURL } = require('node:url');
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  const args = ['--import', tsx, SOURCES, __filename, ...process.argv.slice(2)];
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
