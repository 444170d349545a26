import { expect, it } from 'vitest';
import { documentsNamedIn } from '#src/parts/documents';
import { NAMES, project } from '../parts/catalog.ts';

it.each([...NAMES.map((name) => [name]), NAMES])(
  'a project of %s has every document that its documents link to, in both languages',
  (...names) => {
    const files = project(names);
    const missing = [...files]
      .filter(([path]) => path.endsWith('.md'))
      .flatMap(([path, text]) => documentsNamedIn(path, text))
      .filter((path) => !files.has(path));
    expect(missing).toEqual([]);
    for (const name of names)
      for (const path of [`docs/functions/${name}.md`, `docs/functions/${name}.zh-CN.md`])
        expect(files.has(path), path).toBe(true);
    expect(files.get('README.zh-CN.md')).toContain(`| [\`${names[0]}\`](`);
  },
);
