import type { OidcProviderSpec } from './identities/oidc/provider.ts';
import type { UserSpec } from './identities/users.ts';
import type { Project } from './project/types.ts';

/** Resources of an account besides its project's. */
export interface Resources
  extends Partial<Pick<Project, 'queues' | 'topics' | 'subscriptions' | 'buckets' | 'roles'>> {
  /** RAM users besides the one who may do everything. */
  users?: readonly UserSpec[];
  /** Identity providers that roles may trust. */
  oidcProviders?: readonly OidcProviderSpec[];
  /**
   * Name of the role whose credential the metadata service and the credentials URI return; its
   * trust policy names ecs.aliyuncs.com.
   */
  instanceRole?: string;
}

/**
 * Names of resources to create, with the defaults of their service, where the project declares none
 * of that name.
 */
export interface MadeResources {
  queues: readonly string[];
  topics: readonly string[];
  buckets: readonly string[];
}

/**
 * Returns the project's resources and the others; of those with a name that the project declares
 * too, the project's come last.
 */
export function allResources(
  project: Project | undefined,
  more: Resources = {},
  made: MadeResources = { queues: [], topics: [], buckets: [] },
) {
  const declared = {
    queues: [...(project?.queues ?? []), ...(more.queues ?? [])],
    topics: [...(project?.topics ?? []), ...(more.topics ?? [])],
    subscriptions: [...(project?.subscriptions ?? []), ...(more.subscriptions ?? [])],
    buckets: [...(project?.buckets ?? []), ...(more.buckets ?? [])],
    roles: [...(project?.roles ?? []), ...(more.roles ?? [])],
  };
  const missing = (names: readonly string[], there: readonly { name: string }[]) =>
    names.filter((name) => !there.some((one) => one.name === name)).map((name) => ({ name }));
  const buckets = missing(made.buckets, declared.buckets);
  return {
    ...declared,
    queues: [...declared.queues, ...missing(made.queues, declared.queues)],
    topics: [...declared.topics, ...missing(made.topics, declared.topics)],
    buckets: [...declared.buckets, ...buckets.map((one) => ({ ...one, acl: 'private' as const }))],
  };
}
