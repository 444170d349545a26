import { fileURLToPath } from 'node:url';

/** The repository this package is developed in. Its template is the project that most tests look at. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
