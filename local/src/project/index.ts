export { LocalCloudError } from '../errors.ts';
export { Fields } from './fields.ts';
export { readDotEnv } from './files.ts';
export { nearest } from './nearest.ts';
export { parseYaml } from './parse-yaml.ts';
export { type ReadProjectOptions, readProject } from './project.ts';
export type * from './types.ts';
export { type Tree, toPlain } from './yaml-tree.ts';
