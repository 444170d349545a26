import { READMES } from '../../parts/places.ts';
import { lineWith } from '../../project/places.ts';
import { PAGES_FOLDER, type ProjectView } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

/**
 * Requires that a README with a table of functions has a row for each, and names only what exists; and that
 * each function has its page if there are such pages.
 */
export function readme(view: ProjectView): Finding[] {
  const tables = READMES.filter(({ file, chapter }) => view.read(file).includes(chapter));
  if (tables.length === 0) return [];
  return [...tables.flatMap((table) => rows(view, table)), ...pages(view)];
}

function rows(view: ProjectView, { file, chapter }: (typeof READMES)[number]): Finding[] {
  const text = view.read(file);
  const missing = view.folders
    .filter((name) => !text.includes(`| [\`${name}\`](functions/${name}/index.ts) |`))
    .map((name) => ({
      source: lineWith(view, file, chapter),
      problem: `the table of functions has no row for "${name}"`,
      remedy: `add | [\`${name}\`](functions/${name}/index.ts) | what there is | what it makes of it |`,
    }));
  const strays = [...text.matchAll(/\(functions\/([^/)]+)\/index\.ts\)/g)]
    .filter(([, name = '']) => !view.folders.includes(name))
    .map(([link, name = '']) => ({
      source: lineWith(view, file, link),
      problem: `there is no functions/${name}/index.ts`,
      remedy: 'correct the link, or take the row out',
    }));
  return [...missing, ...strays];
}

/** Requires, if there are pages on functions, one for each function, and a function for each page. */
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
    .filter((file) => !view.folders.includes(functionOf(file)))
    .map((file) => ({
      source: file,
      problem: 'it is about no function',
      remedy: 'correct its name, or take it out',
    }));
  return [...missing, ...orphans];
}

/** `docs/functions/oss-uploader.zh-CN.md` is about oss-uploader. */
function functionOf(page: string): string {
  return page.slice(PAGES_FOLDER.length + 1).replace(/(?:\.zh-CN)?\.md$/, '');
}
