import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogOf } from './catalog.ts';
import { testedVersionsOf } from './tested-versions.ts';

/**
 * Runs when the package is packed: puts the templates of the repository at the first path, and the versions of
 * packages with which they were tested, into the folder at the second, as JSON files.
 */
const [root = '', out = ''] = process.argv.slice(2);
const write = (file: string, content: object) =>
  writeFileSync(join(out, file), JSON.stringify(content));
write('templates.json', Object.fromEntries(catalogOf(root)));
write('tested-versions.json', testedVersionsOf(root));
