import { README_CHAPTER } from '../parts/places.ts';

/** The README of a project, with the rows of all functions in its table. */
export function projectReadme(name: string, rows: readonly string[]): string {
  return `# ${name}

Functions for Alibaba Cloud Function Compute (FC 3.0). With Node 20:

\`\`\`
npm ci
npm start                          # the whole project on this machine, no account needed; Ctrl-C stops it
npm test                           # types, lint, build, check, tests
npx s config add -a default        # once: a RAM user's key pair and the account's id
npm run deploy                     # builds, creates the stack of infra/template.yaml, then the functions
\`\`\`

${README_CHAPTER}

| function | trigger | does |
|---|---|---|
${rows.join('\n')}

\`docs/functions/\` has a page on each: what it does with what is wrong, repeated, late or too large.

## Change it

\`\`\`
npx fc-templates add oss-uploader --as photo-box --dry-run     # one more function; shows what it would write
npx fc-templates remove photo-box                              # takes it out again, and what it alone used
npm run check                                                  # says what a reviewer would say
npx fc-templates --help
\`\`\`

\`s.yaml\` says which functions there are, \`infra/template.yaml\` which queues, topics, buckets and roles.
Names in the code are the names in \`s.yaml\`. \`APP_NAME\` and \`REGION\` in the environment or in \`.env\` let
two people deploy side by side; \`env.yaml\` has testing, staging and production.
`;
}
