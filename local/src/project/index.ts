export { LocalCloudError } from '../errors.ts';
export { Fields } from './fields.ts';
export { readDotEnv } from './files.ts';
export { nearest } from './nearest.ts';
export { type ReadProjectOptions, readProject } from './project.ts';
export type * from './types.ts';
export { parseYaml, type Tree, toPlain } from './yaml-tree.ts';
