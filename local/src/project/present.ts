type Present<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Returns the fields without those that are undefined. */
export function present<Value extends object>(value: Value): Present<Value> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as Present<Value>;
}
