/** The children of an element, as the SDK returns them: text, or lists of elements. */
export type Item = Record<string, unknown>;

/** An answer lacks something the operation promises. The caller turns it into a ServiceError that names the request. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

export function text(item: Item, name: string): string {
  const value = optionalText(item, name);
  if (value === undefined) throw new UnexpectedAnswer(`answer has no ${name}`);
  return value;
}

export function optionalText(item: Item, name: string): string | undefined {
  const value = item[name];
  return typeof value === 'string' ? value : undefined;
}

export function number(item: Item, name: string): number {
  const value = optionalNumber(item, name);
  if (value === undefined) throw new UnexpectedAnswer(`answer has no number in ${name}`);
  return value;
}

export function optionalNumber(item: Item, name: string): number | undefined {
  const digits = optionalText(item, name);
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** SMQ sends both `True` and `true`. */
export function flag(item: Item, name: string): boolean {
  return /^true$/i.test(optionalText(item, name) ?? '');
}

/** Returns the child elements of that name; an empty list if there are none. */
export function items(item: Item, name: string): Item[] {
  const value = item[name];
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}
