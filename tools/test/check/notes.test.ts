import { expect, it } from 'vitest';
import { run } from '#test/run';
import { project } from '../parts/catalog.ts';
import { written } from '../parts/written.ts';

it('notes settings without effect on the local cloud, and does not report them as faults', async () => {
  const files = project(['queue-fleet']);
  const text = files.get('s.yaml') ?? '';
  const vpc = '      vpcConfig: auto\n      code: ./dist/queue-fleet\n';
  const changed = text.replace('      code: ./dist/queue-fleet\n', vpc);
  const plain = await run(['check', '--project', await written(files)]);
  const { stderr, code } = await run([
    'check',
    '--project',
    await written(new Map([...files, ['s.yaml', changed]])),
  ]);
  expect(stderr).toMatch(/^note: s\.yaml:\d+: .*vpcConfig/m);
  expect(plain.stderr).not.toContain('note: ');
  // Nothing is built, which is a fault in both.
  expect(code).toBe(plain.code);
});
