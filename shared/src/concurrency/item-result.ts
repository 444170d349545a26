/** The result of one item of several: an item that fails does not affect the others. */
export type ItemResult<Value> = { ok: true; value: Value } | { ok: false; error: Error };
