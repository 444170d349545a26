const MAX_LENGTH = 32;

/** Turns the name of a folder, project or person into a valid beginning of names in the account. */
export function appNameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, '');
  return name.length < 2 ? 'my-app' : name;
}
