import { lineWith } from '../../project/places.ts';
import { PAGES_FOLDER, type ProjectView, README_FILE } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

const CHAPTER = '## The functions';

/** Where the README has a chapter "The functions", each has its row there, and what the README names is there. */
export function readme(view: ProjectView): Finding[] {
  const text = view.read(README_FILE);
  if (!text.includes(CHAPTER)) return [];
  const findings: Finding[] = [];
  for (const name of view.folders) {
    if (!text.includes(`| [\`${name}\`](functions/${name}/index.ts) |`))
      findings.push({
        source: lineWith(view, README_FILE, CHAPTER),
        problem: `the table of functions has no row for "${name}"`,
        remedy: `add | [\`${name}\`](functions/${name}/index.ts) | its trigger | what it does |`,
      });
  }
  const links = text.matchAll(/\(functions\/([^/)]+)\/index\.ts\)/g);
  for (const [link, name = ''] of links)
    if (!view.folders.includes(name))
      findings.push({
        source: lineWith(view, README_FILE, link),
        problem: `there is no functions/${name}/index.ts`,
        remedy: 'correct the link, or take the row out',
      });
  return [...findings, ...pages(view)];
}

/** Where there are pages on functions, each function has one, and each page its function. */
function pages(view: ProjectView): Finding[] {
  const files = view.files(PAGES_FOLDER);
  if (files.length === 0) return [];
  const missing = view.folders
    .filter((name) => !files.includes(`${PAGES_FOLDER}/${name}.md`))
    .map((name) => ({
      source: PAGES_FOLDER,
      problem: `there is no page on "${name}"`,
      remedy: `write ${PAGES_FOLDER}/${name}.md: how it treats what is wrong`,
    }));
  const orphans = files
    .filter((file) => !view.folders.includes(file.slice(PAGES_FOLDER.length + 1, -'.md'.length)))
    .map((file) => ({
      source: file,
      problem: 'it is about no function',
      remedy: 'correct its name, or take it out',
    }));
  return [...missing, ...orphans];
}
