import type { Identities } from '../identities/identities.ts';
import { type Html, html } from './html.ts';
import { section, table } from './layout.ts';

/** Returns what a function may do: its role's policies, statement by statement. */
export function roleSection(identities: Identities, name: string | undefined): Html {
  const role = name === undefined ? undefined : identities.role(name);
  if (!role) return section('Role', html`<p class="none">None: it gets no credential.</p>`);
  const rows = role.policies.flatMap((policy) =>
    policy.statements.map(
      ({
        effect,
        actions,
        resources,
        conditions,
      }) => html`<tr><td>${policy.name}</td><td>${effect}${
        conditions.length > 0 && html` <span class="dim">on ${conditions.length} conditions</span>`
      }</td><td>${patterns(actions)}</td><td>${patterns(resources)}</td></tr>
`,
    ),
  );
  return section(
    'Role',
    html`<p><code>${role.arn}</code></p>
${table(['policy', 'effect', 'actions', 'resources'], rows, 'No policies: it may do nothing.')}`,
  );
}

function patterns({ except, written }: { except: boolean; written: readonly string[] }): Html {
  const lines = written.map((value) => html`<div><code>${value}</code></div>`);
  return except ? html`<div>all but</div>${lines}` : html`${lines}`;
}
