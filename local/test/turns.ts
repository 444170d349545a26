/** Returns how often the event loop turned, and so could serve others, during `work`. */
export async function turnsOf<T>(work: Promise<T>): Promise<{ value: T; turns: number }> {
  let turns = 0;
  let next = setImmediate(function count() {
    turns += 1;
    next = setImmediate(count);
  });
  try {
    return { value: await work, turns };
  } finally {
    clearImmediate(next);
  }
}
