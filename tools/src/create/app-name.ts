const MAX_LENGTH = 32;

/** A name of somebody's, of a folder or a project, as one that names in the account may begin with. */
export function appNameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');
  return name.length < 2 ? 'my-app' : name;
}
