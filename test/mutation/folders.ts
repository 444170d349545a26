/** A folder of sources, the tests that have to notice its mutants, and how long they may take. */
export interface Folder {
  sources: string;
  tests: string[];
  /** Milliseconds: mutants beyond it are not tried, in an order that is the same each time and spread over the files. */
  budgetMs: number;
}

const MINUTE = 60_000;

/** Together 15 minutes at most. */
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
