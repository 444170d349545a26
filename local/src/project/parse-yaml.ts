import { readPlainYaml } from './plain-yaml.ts';
import { parseDocumentOf } from './yaml-document.ts';
import type { Mapping } from './yaml-tree.ts';

/**
 * Parses a YAML text whose outermost value is a map. Throws LocalCloudError with file and line,
 * also for a tag that is none of ROS's short forms, unless `anyShortForm` is given: then it becomes
 * the long form of that name. A text of common forms is read by js-yaml; the package `yaml`, which
 * takes four times as long, is loaded for the others.
 */
export function parseYaml(
  text: string,
  file: string,
  { anyShortForm = false }: { anyShortForm?: boolean } = {},
): Mapping {
  return readPlainYaml(text, file, anyShortForm) ?? parseDocumentOf(text, file, anyShortForm);
}
