import { LocalCloudError } from '../../errors.ts';
import { MAX_SESSION_DURATION } from '../../identities/limits.ts';
import { parsePolicy } from '../../identities/policy.ts';
import { parseTrust } from '../../identities/trust.ts';
import { Fields } from '../fields.ts';
import type { Findings } from '../findings.ts';
import { invalidProject } from '../invalid-project.ts';
import { present } from '../present.ts';
import { ALLOW_ALL } from '../role-for-all.ts';
import type { RoleSpec } from '../types.ts';
import { type Tree, toPlain } from '../yaml-tree.ts';
import type { TemplateResource } from './template.ts';

const ROLE_NAME = /^[A-Za-z0-9.-]{1,64}$/;

/** A policy that several roles can have, by ManagedPolicy or by AttachPolicyToRole. */
interface ManagedPolicy {
  name: string;
  document: unknown;
}

/**
 * Reads the roles with every policy that the template gives them. A policy that is not known or not
 * evaluated here becomes one that allows everything, with a warning.
 */
export function readRoles(resources: readonly TemplateResource[], findings: Findings): RoleSpec[] {
  const { warn } = findings;
  const of = (type: TemplateResource['type']) =>
    resources.filter((resource) => resource.type === type).map(({ properties }) => properties);

  const roles = of('ALIYUN::RAM::Role');
  const specs = new Map<string, RoleSpec>();
  const attempt = (properties: Fields, work: () => void) => findings.made(properties.owner, work);
  for (const role of roles)
    attempt(role, () => {
      const spec = readRole(role, findings);
      specs.set(spec.name, spec);
    });
  const give = (role: string, policy: ManagedPolicy, source: string) => {
    const spec = specs.get(role);
    if (!spec)
      throw invalidProject(source, `there is no role "${role}"`, 'name one of the template');
    spec.policies.push(policy);
  };

  const managed = new Map<string, ManagedPolicy>();
  for (const properties of of('ALIYUN::RAM::ManagedPolicy'))
    attempt(properties, () => {
      const policy = readManagedPolicy(properties, findings);
      managed.set(policy.name, policy);
      for (const role of properties.strings('Roles'))
        give(role, policy, sourceOf(properties, 'Roles'));
    });
  const custom = (name: string, source: string): ManagedPolicy => {
    const policy = managed.get(name);
    if (policy) return policy;
    warn(
      source,
      `there is no policy "${name}": what it allows is not known, so everything is allowed here`,
    );
    return { name, document: ALLOW_ALL };
  };
  const system = (name: string, source: string): ManagedPolicy => {
    warn(
      source,
      `the contents of the system policy "${name}" are not known here: everything is allowed`,
    );
    return { name, document: ALLOW_ALL };
  };

  for (const properties of of('ALIYUN::RAM::AttachPolicyToRole'))
    attempt(properties, () => {
      const source = sourceOf(properties, 'PolicyName');
      const name = properties.requireString('PolicyName');
      const policy = properties.requireString('PolicyType') === 'Custom' ? custom : system;
      give(properties.requireString('RoleName'), policy(name, source), source);
    });
  for (const role of roles)
    attempt(role, () => {
      const attachments = role.map('PolicyAttachments')?.only(['System', 'Custom']);
      const source = sourceOf(role, 'PolicyAttachments');
      const name = role.requireString('RoleName');
      for (const policy of attachments?.strings('System') ?? [])
        give(name, system(policy, source), source);
      for (const policy of attachments?.strings('Custom') ?? [])
        give(name, custom(policy, source), source);
    });
  return [...specs.values()];
}

function readRole(properties: Fields, findings: Findings): RoleSpec {
  const name = properties.requireString('RoleName');
  if (!ROLE_NAME.test(name))
    throw properties.fault(
      'RoleName',
      `is "${name}"`,
      'use letters, digits, full stops and hyphens, 64 at most',
    );
  const trust = properties.require('AssumeRolePolicyDocument');
  checked(trust.source, () => parseTrust(toPlain(trust), `Role "${name}"`));
  const policies = properties.list('Policies').map((tree) => {
    const policy = new Fields(tree, `${properties.owner}, Policies`);
    policy.only(['PolicyName', 'PolicyDocument', 'Description', 'IgnoreExisting']);
    const document = policy.require('PolicyDocument');
    return readDocument(policy.requireString('PolicyName'), document, `Role "${name}"`, findings);
  });
  const maxSessionDuration = properties.integer('MaxSessionDuration', MAX_SESSION_DURATION);
  return { name, trust: toPlain(trust), policies, ...present({ maxSessionDuration }) };
}

function readManagedPolicy(properties: Fields, findings: Findings): ManagedPolicy {
  for (const key of ['Users', 'Groups'])
    if (properties.has(key))
      findings.warn(
        sourceOf(properties, key),
        `${properties.owner}: ${key} has no effect here, there are none`,
      );
  const name = properties.requireString('PolicyName');
  const document =
    properties.get('PolicyDocumentUnchecked') ?? properties.require('PolicyDocument');
  return readDocument(name, document, properties.owner, findings);
}

/** Reads a document; one with an error, or with something not evaluated here, allows everything. */
function readDocument(
  name: string,
  document: Tree,
  owner: string,
  findings: Findings,
): ManagedPolicy {
  const plain = toPlain(document);
  const [known] = findings.made(`${owner}, policy "${name}"`, () => {
    checked(document.source, () => parsePolicy(name, plain, owner));
    return plain;
  });
  return { name, document: known ?? ALLOW_ALL };
}

function checked(source: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (error instanceof LocalCloudError) throw invalidProject(source, error.message, error.remedy);
    throw error;
  }
}

function sourceOf(properties: Fields, key: string): string {
  return properties.get(key)?.source ?? properties.source;
}
