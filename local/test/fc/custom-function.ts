import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '#src/fc/custom/wait-until-listening';
import type { FunctionSpec } from '#src/project/types';
import { writeFunction } from './fixture.ts';

/**
 * Returns a server that answers with `handle(request, body, respond)` in its code, on the given
 * port, or on PORT.
 */
function server(handle: string): string {
  return `const { createServer } = require('node:http');
  const { existsSync } = require('node:fs');
  const pause = () => new Promise((go) => setTimeout(go, 2));
  const seen = [];
  createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const id = request.headers['x-fc-request-id'];
    seen.push(request.method + ' ' + request.url);
    ${handle}
  }).listen(process.env.PORT ?? process.env.FC_SERVER_PORT);`;
}

/** Returns a function of a custom runtime that is such a server. */
export async function custom(
  handle: string,
  spec: Partial<FunctionSpec> = {},
): Promise<FunctionSpec> {
  return writeFunction(server(handle), {
    runtime: 'custom.debian12',
    runtimeKind: 'custom',
    handler: '',
    custom: { command: ['node'], args: ['index.js'], port: await freePort() },
    ...spec,
  });
}

/** Returns a path that does not exist yet. */
export function pathIn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fc-custom-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'release');
}
