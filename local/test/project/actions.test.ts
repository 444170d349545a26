import { expect, it } from 'vitest';
import { oneFunction, readFiles } from './project-folder.ts';

async function commandsOf(actions: string): Promise<string[] | undefined> {
  const files = oneFunction('');
  const text = files['s.yaml'] ?? '';
  const { functions } = await readFiles({
    ...files,
    's.yaml': text.replace('component: fc3', `component: fc3\n    actions: ${actions}`),
  });
  return functions[0]?.buildCommands;
}

it('knows in which folder each step runs, and what its expressions mean', async () => {
  const files = oneFunction(
    '',
    'vars: { target: all }\nactions: { pre-deploy: [{ run: first }] }\n',
  );
  const actions = `{ "pre-\${regex('deploy|local')}": [{ run: "make \${vars.target}", path: ./code }] }`;
  const text = (files['s.yaml'] ?? '').replace(
    'component: fc3',
    `component: fc3\n    actions: ${actions}`,
  );
  const { functions } = await readFiles({ 's.yaml': text });
  expect(functions[0]?.buildSteps).toMatchObject([
    { run: 'first', source: 's.yaml:4' },
    { run: 'make all', path: expect.stringMatching(/\/code$/), source: 's.yaml:8' },
  ]);
});

it.each([
  ['{ pre-deploy: [{ run: npm run build, path: ./ }, { run: make }] }', ['npm run build', 'make']],
  ['{ pre-deploy: [{ plugin: website }], post-deploy: [{ run: curl }] }', undefined],
  ['{ pre-deploy: none }', undefined],
  ['{}', undefined],
])(
  'of actions %s the commands that come before a deployment are those that build',
  async (actions, commands) => {
    expect(await commandsOf(actions)).toEqual(commands);
  },
);
