/** A JSON text that is changed as a value; indentation and the line break at the end stay. */
export function editJson<Value extends object>(
  text: string,
  edit: (value: Value) => Value,
): string {
  const [, indent = '  '] = /^([ \t]+)"/m.exec(text) ?? [];
  const before: Value = JSON.parse(text);
  const after = edit(structuredClone(before));
  // What is the same stays as it is written.
  if (JSON.stringify(after) === JSON.stringify(before)) return text;
  const end = text.endsWith('\r\n') ? '\r\n' : text.endsWith('\n') ? '\n' : '';
  return JSON.stringify(after, null, indent) + end;
}
