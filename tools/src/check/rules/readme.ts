import { lineWith } from '../../project/places.ts';
import { type ProjectView, README_FILE } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

const CHAPTER = '## The functions';

/** Where the README has a chapter "The functions", each has its row and its section there, and what the README names is there. */
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
    if (!text.split('\n').some((line) => line.startsWith(`**${name}.**`)))
      findings.push({
        source: lineWith(view, README_FILE, CHAPTER),
        problem: `there is no section on "${name}"`,
        remedy: `begin a paragraph with **${name}.** that says how it treats what is wrong`,
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
  for (const [section, name = ''] of text.matchAll(/^\*\*([a-z0-9-]+)\.\*\*/gm))
    if (!view.folders.includes(name))
      findings.push({
        source: lineWith(view, README_FILE, section),
        problem: `the section "${name}" is about no function`,
        remedy: 'correct its name, or take it out',
      });
  return findings;
}
