import { MAX_SESSION_DURATION } from '../../identities/limits.ts';
import { parsePolicy } from '../../identities/policy.ts';
import { parseTrust } from '../../identities/trust.ts';
import { Fields } from '../fields.ts';
import { invalidProject, unsupported } from '../invalid-project.ts';
import { present } from '../present.ts';
import type { RoleSpec } from '../types.ts';
import { type Tree, toPlain } from '../yaml-tree.ts';
import type { TemplateResource } from './template.ts';

const ROLE_NAME = /^[A-Za-z0-9.-]{1,64}$/;

/** A policy that several roles may have, by ManagedPolicy or by AttachPolicyToRole. */
interface ManagedPolicy {
  name: string;
  document: unknown;
}

/** The roles with every policy that the template gives them. Each document is checked here, so that a fault in it names its place. */
export function readRoles(resources: readonly TemplateResource[], warnings: string[]): RoleSpec[] {
  const of = (type: TemplateResource['type']) =>
    resources.filter((resource) => resource.type === type).map(({ properties }) => properties);

  const roles = of('ALIYUN::RAM::Role');
  const specs = new Map(roles.map((role) => [role.requireString('RoleName'), readRole(role)]));
  const give = (role: string, policy: ManagedPolicy, source: string) => {
    const spec = specs.get(role);
    if (!spec)
      throw invalidProject(source, `there is no role "${role}"`, 'name one of the template');
    spec.policies.push(policy);
  };

  const managed = new Map<string, ManagedPolicy>();
  for (const properties of of('ALIYUN::RAM::ManagedPolicy')) {
    const policy = readManagedPolicy(properties, warnings);
    managed.set(policy.name, policy);
    for (const role of properties.strings('Roles'))
      give(role, policy, sourceOf(properties, 'Roles'));
  }
  const custom = (name: string, source: string): ManagedPolicy => {
    const policy = managed.get(name);
    if (policy) return policy;
    throw invalidProject(source, `there is no policy "${name}"`, 'declare it as a ManagedPolicy');
  };

  for (const properties of of('ALIYUN::RAM::AttachPolicyToRole')) {
    const source = sourceOf(properties, 'PolicyName');
    const name = properties.requireString('PolicyName');
    if (properties.requireString('PolicyType') !== 'Custom') throw systemPolicy(name, source);
    give(properties.requireString('RoleName'), custom(name, source), source);
  }
  for (const role of roles) {
    const attachments = role.map('PolicyAttachments')?.only(['System', 'Custom']);
    for (const name of attachments?.strings('System') ?? [])
      throw systemPolicy(name, sourceOf(role, 'PolicyAttachments'));
    for (const name of attachments?.strings('Custom') ?? []) {
      const source = sourceOf(role, 'PolicyAttachments');
      give(role.requireString('RoleName'), custom(name, source), source);
    }
  }
  return [...specs.values()];
}

function readRole(properties: Fields): RoleSpec {
  const name = properties.requireString('RoleName');
  if (!ROLE_NAME.test(name))
    throw properties.fault(
      'RoleName',
      `is "${name}"`,
      'use letters, digits, full stops and hyphens, 64 at most',
    );
  const trust = properties.require('AssumeRolePolicyDocument');
  parseTrust(toPlain(trust), `${trust.source}: Role "${name}"`);
  const policies = properties.list('Policies').map((tree) => {
    const policy = new Fields(tree, `${properties.owner}, Policies`);
    policy.only(['PolicyName', 'PolicyDocument', 'Description', 'IgnoreExisting']);
    const document = policy.require('PolicyDocument');
    return readDocument(policy.requireString('PolicyName'), document, `Role "${name}"`);
  });
  const maxSessionDuration = properties.integer('MaxSessionDuration', MAX_SESSION_DURATION);
  return { name, trust: toPlain(trust), policies, ...present({ maxSessionDuration }) };
}

function readManagedPolicy(properties: Fields, warnings: string[]): ManagedPolicy {
  for (const key of ['Users', 'Groups'])
    if (properties.has(key))
      warnings.push(
        `${sourceOf(properties, key)}: ${properties.owner}: ${key} has no effect here, there are none`,
      );
  const name = properties.requireString('PolicyName');
  const document =
    properties.get('PolicyDocumentUnchecked') ?? properties.require('PolicyDocument');
  return readDocument(name, document, properties.owner);
}

function readDocument(name: string, document: Tree, owner: string): ManagedPolicy {
  const plain = toPlain(document);
  parsePolicy(name, plain, `${document.source}: ${owner}`);
  return { name, document: plain };
}

function systemPolicy(name: string, source: string): Error {
  return unsupported(
    source,
    `the contents of the system policy "${name}" are not known here`,
    'write a policy of your own that allows what the function does',
  );
}

function sourceOf(properties: Fields, key: string): string {
  return properties.get(key)?.source ?? properties.source;
}
