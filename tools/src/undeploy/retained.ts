import { Fields, parseYaml } from 'fc-local/project';

/**
 * Returns the logical ids of a ROS template's resources that stay when their stack is deleted
 * (`DeletionPolicy: Retain`).
 */
export function retainedIn(template: string): string[] {
  const resources = new Fields(parseYaml(template, 'template'), 'template').map('Resources');
  return (resources?.keys ?? []).filter((id) => {
    const policy = resources?.map(id)?.get('DeletionPolicy');
    return policy?.kind === 'scalar' && policy.value === 'Retain';
  });
}
