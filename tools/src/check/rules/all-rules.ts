import type { Rule } from '../finding.ts';
import { entries } from './entries.ts';
import { environment } from './environment.ts';
import { environments } from './environments.ts';
import { handlers } from './handlers.ts';
import { languages } from './languages.ts';
import { logs } from './logs.ts';
import { names } from './names.ts';
import { packages } from './packages.ts';
import { queues } from './queues.ts';
import { readme } from './readme.ts';
import { roles } from './roles.ts';
import { tests } from './tests.ts';
import { triggers } from './triggers.ts';

export const RULES: Record<string, Rule> = {
  entries,
  names,
  roles,
  logs,
  tests,
  readme,
  languages,
  handlers,
  environment,
  queues,
  triggers,
  packages,
  environments,
};
