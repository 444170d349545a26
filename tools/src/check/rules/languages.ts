import { READMES } from '../../parts/places.ts';
import type { ProjectView } from '../../project/view.ts';
import type { Finding } from '../finding.ts';
import { englishOf, firstDifference } from '../languages.ts';

const DOCUMENTS_FOLDER = 'docs';

/**
 * Requires that a document which also exists in Chinese has the same headings, commands, functions and
 * tables in both languages.
 */
export function languages(view: ProjectView): Finding[] {
  // A README written by the user may say less in one language.
  const readmes = READMES.every(({ file, chapter }) => view.read(file).includes(chapter));
  const documents = view.files(DOCUMENTS_FOLDER);
  const files = [...(readmes ? READMES.map(({ file }) => file) : []), ...documents];
  return files.flatMap((chinese) => {
    const english = englishOf(chinese);
    if (english === undefined) return [];
    if (!view.exists(english))
      return {
        source: chinese,
        problem: `there is no ${english}`,
        remedy: 'write it in English too, or give it a name without .zh-CN',
      };
    const difference = firstDifference(english, chinese, (path) => view.read(path));
    if (!difference) return [];
    return {
      source: `${chinese}:${difference.line}`,
      problem: difference.problem,
      remedy: 'give both languages the same headings, commands, functions and tables',
    };
  });
}
