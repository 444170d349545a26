import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const SERVERLESS = `edition: 3.0.0
name: echo-app
access: default
resources:
  echo:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: echo-function
      runtime: nodejs20
      handler: index.handler
      code: ./code
      memorySize: 256
      timeout: 7
      environmentVariables:
        WORD: tea
      triggers:
        - triggerName: http
          triggerType: http
          triggerConfig:
            authType: anonymous
            methods: [POST]
        - triggerName: daily
          triggerType: timer
          triggerConfig:
            cronExpression: '@every 24h'
            enable: false
`;

/**
 * Creates a project of one function, `echo`, with that code; removed after the test. Returns its
 * folder.
 */
export function writeProject(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 's.yaml'), SERVERLESS);
  writeFileSync(join(folder, 'code', 'index.js'), code);
  return folder;
}
