import type { LogLine, RoleSpec } from 'fc-local';
import type { TestCloud } from 'fc-local/testing';
import { expect, it } from 'vitest';
import { localCloud } from '#test/local-cloud';

/** How a function shows which permissions it needs. */
export interface Scenario {
  /**
   * Lets it do everything it is made for. The run succeeds, or the function logs the code it was refused
   * with; a returned list has the codes that services gave others.
   */
  run(cloud: TestCloud): Promise<unknown>;
  /** Roles that it uses besides its own, by the output of the stack that names them in its variables. */
  assumes?: string;
  /** What it reports when it has every permission. */
  expected?: readonly string[];
}

/** Permissions that FC uses in the function's name: for its logs, and for events that failed in all tries. */
const USED_BY_FC = ['log:PostLogStoreLogs', 'mns:SendMessage'];

/**
 * Whether FC checks `functions/<name>` or `functions/<name>/LATEST` is not documented, so both are granted;
 * the local cloud checks the first.
 */
const isAlternative = ({ action, resource }: Grant): boolean =>
  action === 'fc:InvokeFunction' && resource.endsWith('/*');

/** One action on one resource, as a statement of a policy allows it. */
interface Grant {
  role: RoleSpec;
  statement: Statement;
  action: string;
  resource: string;
}

interface Statement {
  Action: string[];
  Resource: string | string[];
}

const statementsOf = (document: unknown): Statement[] =>
  (document as { Statement: Statement[] }).Statement;

function grantsOf(role: RoleSpec): Grant[] {
  return role.policies
    .flatMap(({ document }) => statementsOf(document))
    .flatMap((statement) =>
      statement.Action.flatMap((action) =>
        [statement.Resource].flat().map((resource) => ({ role, statement, action, resource })),
      ),
    );
}

/** Returns the role with that action and resource removed from its policies, and nothing else. */
function without({ role, statement, action, resource }: Grant): RoleSpec {
  const others = [statement.Resource].flat().filter((other) => other !== resource);
  const left = [
    { ...statement, Action: statement.Action.filter((other) => other !== action) },
    { ...statement, Action: [action], Resource: others },
  ].filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
  const policies = role.policies.flatMap(({ name, document }) => {
    const Statement = statementsOf(document).flatMap((one) => (one === statement ? left : [one]));
    return Statement.length > 0 ? [{ name, document: { Version: '1', Statement } }] : [];
  });
  return { ...role, policies };
}

/**
 * Declares the test that a function works with its role's policy, and is refused by the service without any
 * single action on any single resource of it.
 */
export function provePermissions(name: string, { run, assumes, expected = [] }: Scenario): void {
  it('works with its role’s policy, and is refused without any single action on any single resource of it', async () => {
    const lines: LogLine[] = [];
    const cloud = await localCloud({ onLog: (line) => lines.push(line) });
    const { spec: fn, env } = cloud.function(name);
    const assumed = assumes && env[assumes]?.split('/').at(-1);
    const roles =
      cloud.project?.roles.filter((role) => [fn.role, assumed].includes(role.name)) ?? [];
    const grants = roles
      .flatMap(grantsOf)
      .filter((grant) => !USED_BY_FC.includes(grant.action) && !isAlternative(grant));
    const refusals = async () => {
      lines.length = 0;
      const said = await run(cloud);
      const elsewhere = Array.isArray(said) ? said.map(String) : [];
      // Events and topics start other functions too; what those log does not count.
      const errors = lines
        .filter(({ functionName }) => functionName === fn.name)
        .flatMap(({ text }) => (text.match(/"level":"(error|warn)"/) ? [text] : []));
      const codes = errors.map((text) => /"code":"(\w+(?:\.\w+)?)"/.exec(text)?.[1] ?? text);
      return [...elsewhere, ...codes].filter((code) => !expected.includes(code));
    };
    const define = async (role: RoleSpec) => {
      cloud.role(role.name).define(role);
      // A fresh instance: an instance keeps the credential of an assumed role.
      if (assumed) await cloud.function(name).redeploy();
    };

    expect(await refusals()).toEqual([]);
    expect(grants.length).toBeGreaterThan(0);
    for (const grant of grants) {
      const what = `without ${grant.action} on ${grant.resource}`;
      await define(without(grant));
      const codes = await refusals();
      expect(codes, what).not.toEqual([]);
      for (const code of codes)
        expect(code, what).toMatch(
          /^(AccessDenied|AccessDeniedByRamPolicy|NoPermission|Forbidden\.RAM)$/,
        );
      await define(grant.role);
      await refusals(); // Messages left in the queue are handled now.
    }
  });
}
