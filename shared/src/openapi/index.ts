export { callOpenApi, type OpenApiCall } from './client.ts';
export { type MpaasOptions, queryMcubeVhost, type VhostQuery } from './mpaas.ts';
export {
  assumeRole,
  assumeRoleWithOidc,
  type CallerIdentity,
  getCallerIdentity,
  type RoleSession,
  type StsOptions,
} from './sts.ts';
