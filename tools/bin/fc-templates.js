#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCES = '--conditions=fc-source';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const source = new URL('../src/main.ts', import.meta.url);
const packed = new URL('../dist/main.js', import.meta.url);

// A package has its built files. A checkout of the repository has the sources: they run directly in a
// Node.js that can read TypeScript.
if (!existsSync(source)) await run(packed);
else if (process.execArgv.includes(SOURCES)) {
  // This process, which only runs the sources, ends with the one that started it, however that ends.
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
  await run(source);
}
else runSources();

async function run(module) {
  const { main } = await import(module);
  process.exitCode = await main(process.argv.slice(2));
}

function runSources() {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const self = fileURLToPath(import.meta.url);
  const args = ['--import', tsx, SOURCES, self, ...process.argv.slice(2)];
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(process.execPath, args, { stdio });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
