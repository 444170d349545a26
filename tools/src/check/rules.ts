import type { Rule } from './house.ts';
import { entries } from './rules/entries.ts';
import { environment } from './rules/environment.ts';
import { environments } from './rules/environments.ts';
import { handlers } from './rules/handlers.ts';
import { logs } from './rules/logs.ts';
import { names } from './rules/names.ts';
import { packages } from './rules/packages.ts';
import { queues } from './rules/queues.ts';
import { readme } from './rules/readme.ts';
import { roles } from './rules/roles.ts';
import { tests } from './rules/tests.ts';
import { triggers } from './rules/triggers.ts';

export const RULES: Record<string, Rule> = {
  entries,
  names,
  roles,
  logs,
  tests,
  readme,
  handlers,
  environment,
  queues,
  triggers,
  packages,
  environments,
};
