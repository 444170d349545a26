#!/usr/bin/env node
// The deploy tool, s 3.1.10, at the boundary of its process, for tests that are not about it. What it is
// asked for by its arguments, a server of the test's process asks the components for: the SDK that they
// use is loaded there once. Tests of the real tool are in real-tool.test.ts.
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');

const args = process.argv.slice(2);
if (args.includes('preview')) process.stdout.write(readFileSync('preview.json'));
else {
  const server = connect(Number(readFileSync(`${__dirname}/port`, 'utf8')), '127.0.0.1');
  server.end(JSON.stringify({ args, env: process.env, cwd: process.cwd() }));
  let answer = '';
  server.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  server.on('end', () => {
    const { stdout, stderr, code } = JSON.parse(answer);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = code;
  });
}
