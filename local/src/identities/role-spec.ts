/** A role as a project declares it. */
export interface RoleSpec {
  name: string;
  /** Trust policy (AssumeRolePolicyDocument), as in the template. */
  trust: unknown;
  /** Policy documents attached to the role, each with the name it has in the template. */
  policies: { name: string; document: unknown }[];
  /** Longest session that STS grants, in seconds: 3600 to 43200; default 3600. */
  maxSessionDuration?: number;
}
