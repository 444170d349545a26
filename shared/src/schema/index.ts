import { config } from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// The small build has no messages of its own: every issue would read "Invalid input".
config(en());

/**
 * zod's small build: the same schemas with checks as functions, `z.string().check(z.minLength(1))`
 * for `z.string().min(1)`. A cold start is a fifth shorter with it. Import it as `* as z`, so that
 * a bundle holds only what is used.
 */
export * from 'zod/mini';
