import { readFileSync } from 'node:fs';
import { readEnvironments } from '../environments.ts';
import { jsonIn, runS } from '../s.ts';
import type { Finding } from './house.ts';
import { mismatches } from './json-schema.ts';

interface Preview {
  resources: Record<string, { component: string; props: unknown }>;
}

/** Holds what `s preview` makes of s.yaml, bare and in each environment, against a JSON schema of a function's props. Throws for a schema that cannot be read. */
export async function againstSchema(root: string, file: string): Promise<Finding[]> {
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const findings: Finding[] = [];
  for (const name of [undefined, ...readEnvironments(root).map((one) => one.name)]) {
    const where = name === undefined ? 's.yaml' : `s.yaml with --env ${name}`;
    const args = ['preview', '--silent', '-o', 'json', ...(name ? ['--env', name] : [])];
    const { stdout, stderr } = await runS(root, args, { ...process.env, NODE_ENV: 'test' });
    const preview = jsonIn(stdout) as Preview | undefined;
    if (!preview) {
      const remedy = stderr.trim().split('\n')[0] ?? 'run npm run preview';
      findings.push({ source: where, problem: 's preview fails', remedy });
      continue;
    }
    for (const [key, { component, props }] of Object.entries(preview.resources)) {
      if (component !== 'fc3') continue;
      for (const { path, message } of mismatches(schema, props))
        findings.push({
          source: where,
          problem: `"${key}", ${path || 'props'} ${message}`,
          remedy: 'see the fields of the component fc3',
        });
    }
  }
  return findings;
}
