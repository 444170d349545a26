/** Changes that no test notices, by the mutant's name, with the reason. */
export const SURVIVORS: Readonly<Record<string, string>> = {
  'shared/src/credentials/fetch-credentials.ts: const { reason } = cause instanceof BrokenExchange ? cause : {}; | (cause instanceof BrokenExchange) becomes true':
    'an exchange rejects with nothing else; the question is for the types',
  'shared/src/credentials/fetch-credentials.ts: { method = \'GET\', headers = {}, timeoutMs }: FetchOptions, | "GET" becomes ""':
    "Node's own default is GET, too",
  'shared/src/credentials/refresh.ts: let pauseMs = 0; | 0 becomes 1':
    'it counts only while a credential is held, whose fetch has set it to 0',
  'shared/src/consume/consumption.ts: this.#end = clock.after(Math.max(0, total - grace), () => { | 0 becomes 1':
    'a millisecond after an invocation that is over',
  'shared/src/consume/deletes.ts: if (again) throw again; | (again) becomes true':
    'all are settled by then: what is thrown is for none',
  'shared/src/publish/publish.ts: const options = traced | (traced) becomes true':
    'without a trace it adds nothing to the properties',
  'shared/src/publish/publish.ts: if (messageGroupId !== undefined) ofGroup.set(messageGroupId, line); | (messageGroupId !== undefined) becomes true':
    'what is kept without a group is never looked up',
  'shared/src/publish/publish.ts: if (!result.ok) failure ??= result.error; | (!result.ok) becomes true':
    'a result that is ok has no error: nothing is kept',
  "shared/src/idempotency/oss.ts: await this.#replace(key, { state: 'released', until: 0 }); | 0 becomes 1":
    'the time of a released record is not looked at',
  'shared/src/idempotency/oss.ts: return Record.parse(parseJson(body, \'Record\')); | "Record" becomes ""':
    'a word of a message that is the cause of one that says it all',
  'shared/src/credentials/explain.ts: if (!(error instanceof ConfigurationError)) throw error; | (!(error instanceof ConfigurationError)) becomes false':
    'nothing else is thrown there; the question is for the types',
  'shared/src/credentials/explain.ts: if (!(error instanceof CredentialsError)) throw error; | (!(error instanceof CredentialsError)) becomes false':
    'nothing else is thrown there; the question is for the types',
  'shared/src/idempotency/oss.ts: const contentType = \'application/json\'; | "application/json" becomes ""':
    'ali-oss itself gives this type to a key that ends in .json',
  'shared/src/smq/connection.ts: return { status: 404, read: (parse) => parse({}), itemError: () => error }; | 404 becomes 405':
    'the status of an answer that counts as an empty one is not looked at',
  'shared/src/smq/sdk.ts: muteDebug(); | the statement is left out':
    'shared/test/debug-output.test.ts notices it, and is not run here: it needs modules of its own',
  'shared/src/consume/groups.ts: if (heldFor <= 0) this.#heldUntil.delete(group); | the statement is left out':
    'an entry of the past holds nothing: it only takes room',
  'shared/src/consume/groups.ts: if (heldFor <= 0) this.#heldUntil.delete(group); | <= becomes <':
    'an entry of the past holds nothing: it only takes room',
  'shared/src/consume/deletes.ts: if (this.#scheduled) return; | (this.#scheduled) becomes false':
    'a second flush in the same turn finds nothing that waits',
  'shared/src/consume/drain.ts: let outcome: Outcome = \'returned\'; | "returned" becomes ""':
    'replaced before it is returned; the types want a first value',
  'shared/src/consume/drain.ts: await sleep(this.#consumption.clock, Math.min(pause, Math.max(0, this.#consumption.left))); | 0 becomes 1':
    'a pause of a millisecond when no time is left for anything else',
  'shared/src/consume/consumption.ts: resolve({ outcome: \'failed\', error, attempt, traceId: \'\', log }); | "failed" becomes ""':
    'what is neither handled, poison nor busy counts as failed; the word is only logged, for a lease that is lost at that moment',
  "shared/src/consume/lease.ts: if (this.#lost) return; // the answer came too late: the handler's signal has fired | (this.#lost) becomes false":
    'what would be kept of the answer is not read any more: release gives nothing for a lost lease',
  'shared/src/consume/groups.ts: if (heldFor <= 0) this.#heldUntil.delete(group); | (heldFor <= 0) becomes true':
    'a message that finds its group held is given back, and what it returns holds the group again',
  'shared/src/consume/groups.ts: if (heldFor <= 0) this.#heldUntil.delete(group); | 0 becomes 1':
    'a message that finds its group held is given back, and what it returns holds the group again',
  'shared/src/consume/groups.ts: if (heldFor <= 0) this.#heldUntil.delete(group); | (heldFor <= 0) becomes false':
    'an entry of the past holds nothing: it only takes room',
  'shared/src/consume/quarantine.ts: await bucket.putObject(key, body, { contentType: \'application/json\' }); | "application/json" becomes ""':
    'ali-oss itself gives this type to a key that ends in .json',
  "shared/src/consume/claim-memory.ts: signal.addEventListener('abort', stop, { once: true }); | true becomes false":
    'a signal fires once, and a request that is let in takes its listener away',
  'shared/src/consume/deletes.ts: this.#scheduled = true; | the statement is left out':
    'a second flush in the same turn finds nothing that waits',
  'shared/src/consume/deletes.ts: this.#scheduled = true; | true becomes false':
    'a second flush in the same turn finds nothing that waits',
  'shared/src/consume/drain.ts: if (pause > 0) | 0 becomes 1': 'a pause is 0 or at least 200 ms',
  'shared/src/consume/drain.ts: if (this.#consumption.left > 0) report[await this.#inTurn(message)]++; | > becomes >=':
    'a message for which no time at all is left is refused a handler, and given back, too',
  'shared/src/consume/drain.ts: if (!taken) return this.#settlement.pass(message, lease, 0); | 0 becomes 1':
    'a message is given back for a second at least',
  'shared/src/consume/drain.ts: const least = this.#slots.free > 0 ? 1 : Math.min(MAX_BATCH, this.#concurrency); | > becomes >=':
    'with no handler free there is room for a batch ahead, or for none, unless more messages wait for their delete than are handled',
  'shared/src/consume/drain.ts: return dequeueCount === 1 && firstDequeueTime - enqueueTime >= ms; | >= becomes >':
    'a message that was sent in the very millisecond in which the receive began',
  'shared/src/consume/groups.ts: this.#heldUntil.set(group, Math.max(visibleAt, this.#heldUntil.get(group) ?? 0)); | 0 becomes 1':
    'both are long past: a time is in milliseconds since 1970',
  'shared/src/consume/groups.ts: const heldFor = (this.#heldUntil.get(group) ?? 0) - this.#clock.now(); | 0 becomes 1':
    'both are long past: a time is in milliseconds since 1970',
};
