/**
 * The system policy of that name: everything on everything. For people and tools on a laptop; a
 * function has its own policy.
 */
export const ADMINISTRATOR_ACCESS = {
  name: 'AdministratorAccess',
  document: { Version: '1', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
} as const;
