#!/usr/bin/env node
// The deploy tool, s 3.1.10, at the boundary of its process, for tests that are not about it: what it is
// asked for by its arguments, it asks the components for. Tests of the real one are in real-tool.test.ts.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const args = process.argv.slice(2);
const valueOf = (name) => args[args.indexOf(name) + 1];
const command = args.find((one) => ['preview', 'deploy', 'remove', 'info'].includes(one));

async function main() {
  if (command === 'preview') return process.stdout.write(readFileSync('preview.json'));
  const { resources } = JSON.parse(readFileSync(valueOf('-t'), 'utf8'));
  const credential = JSON.parse(process.env[valueOf('--access')]);
  const [first] = args;
  for (const [name, { component, props, actions }] of Object.entries(resources)) {
    if (first !== command && first !== name) continue;
    if (actions) console.log(`actions of ${name}: ${JSON.stringify(actions)}`);
    const Component = require(join(process.cwd(), component));
    const inputs = { props, resource: { name }, getCredential: async () => credential };
    console.log(JSON.stringify(await new Component()[command](inputs)));
  }
}

main().catch((error) => {
  console.error(`Error Message: ${error.message}`);
  process.exit(101);
});
