import { writeFileSync } from 'node:fs';
import { catalogOf } from './catalog.ts';

/**
 * Runs when the package is packed: puts the templates of the repository at the first path into the second,
 * a JSON file.
 */
const [root = '', out = ''] = process.argv.slice(2);
writeFileSync(out, JSON.stringify(Object.fromEntries(catalogOf(root))));
