import { type Finding, type House, lineWith, README_FILE } from '../house.ts';

/** Each function has its row and its section in the README, and what the README names is there. */
export function readme(house: House): Finding[] {
  const text = house.read(README_FILE);
  const findings: Finding[] = [];
  for (const name of house.folders) {
    if (!text.includes(`| [\`${name}\`](functions/${name}/index.ts) |`))
      findings.push({
        source: lineWith(house, README_FILE, '## The functions'),
        problem: `the table of functions has no row for "${name}"`,
        remedy: `add | [\`${name}\`](functions/${name}/index.ts) | its trigger | what it does |`,
      });
    if (!text.split('\n').some((line) => line.startsWith(`**${name}.**`)))
      findings.push({
        source: lineWith(house, README_FILE, '## The functions'),
        problem: `there is no section on "${name}"`,
        remedy: `begin a paragraph with **${name}.** that says how it treats what is wrong`,
      });
  }
  const links = text.matchAll(/\(functions\/([^/)]+)\/index\.ts\)/g);
  for (const [link, name = ''] of links)
    if (!house.folders.includes(name))
      findings.push({
        source: lineWith(house, README_FILE, link),
        problem: `there is no functions/${name}/index.ts`,
        remedy: 'correct the link, or take the row out',
      });
  for (const [section, name = ''] of text.matchAll(/^\*\*([a-z0-9-]+)\.\*\*/gm))
    if (!house.folders.includes(name))
      findings.push({
        source: lineWith(house, README_FILE, section),
        problem: `the section "${name}" is about no function`,
        remedy: 'correct its name, or take it out',
      });
  return findings;
}
