/** What came of one item of several: each has a result of its own, and one that fails keeps none of the others. */
export type ItemResult<Value> = { ok: true; value: Value } | { ok: false; error: Error };
