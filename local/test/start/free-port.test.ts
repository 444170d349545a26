import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { close, listen } from '#src/http/listen';
import { startLocalCloud } from '#src/main';

async function takenPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  onTestFinished(() => close(server));
  return port;
}

it('takes the next free port where a taken one may give way, and says so', async () => {
  const [smqPort, ossPort, openapiPort, consolePort] = await Promise.all([
    takenPort(),
    takenPort(),
    takenPort(),
    takenPort(),
  ]);
  const lines: string[] = [];
  const cloud = await startLocalCloud(
    {
      ...{ smqPort, ossPort, openapiPort, consolePort, console: true },
      flexiblePorts: ['smqPort', 'ossPort', 'openapiPort', 'consolePort'],
    },
    { onProgress: (line) => void lines.push(line) },
  );
  onTestFinished(() => cloud.close());
  expect(cloud.smq.port).toBeGreaterThan(smqPort);
  expect(lines).toEqual([
    `SMQ: port ${smqPort} is taken, so it is at ${cloud.smq.port}`,
    `OSS: port ${ossPort} is taken, so it is at ${cloud.oss.port}`,
    `STS, OpenAPI: port ${openapiPort} is taken, so it is at ${cloud.openapi.port}`,
    `console: port ${consolePort} is taken, so it is at ${cloud.console?.port}`,
  ]);
});

it('makes an error of a port that was chosen and is taken', async () => {
  const ossPort = await takenPort();
  await expect(startLocalCloud({ ossPort, flexiblePorts: ['smqPort'] })).rejects.toMatchObject({
    code: 'PortTaken',
    message: `Port ${ossPort} on 127.0.0.1 is taken`,
  });
});
