/** A folder of sources, the tests that must notice its mutants, and the time limit. */
export interface Folder {
  sources: string;
  tests: string[];
  /**
   * Milliseconds after which no further mutants are tried. Their order is the same each time and spread
   * over the files.
   */
  budgetMs: number;
}

const MINUTE = 60_000;

/** Together at most 15 minutes. */
export const FOLDERS: Record<string, Folder> = {
  smq: {
    sources: 'shared/src/smq',
    tests: ['shared/test/smq', 'shared/test/net/frozen-instance.test.ts'],
    budgetMs: 3 * MINUTE,
  },
  credentials: {
    sources: 'shared/src/credentials',
    tests: ['shared/test/credentials'],
    budgetMs: 3 * MINUTE,
  },
  consume: {
    sources: 'shared/src/consume',
    tests: ['shared/test/consume'],
    budgetMs: 4 * MINUTE,
  },
  publish: {
    sources: 'shared/src/publish',
    tests: ['shared/test/publish', 'shared/test/smq/ordered.test.ts'],
    budgetMs: 2 * MINUTE,
  },
  idempotency: {
    sources: 'shared/src/idempotency',
    tests: ['shared/test/idempotency', 'shared/test/consume/idempotency.test.ts'],
    budgetMs: 2 * MINUTE,
  },
};
