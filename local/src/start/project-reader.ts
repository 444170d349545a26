import type { LocalCloudOptions } from '../options.ts';
import type { Project } from '../project/types.ts';

/** Reads the project, any number of times. */
export interface ProjectReader {
  folder: string;
  /** Throws LocalCloudError for files that cannot be read. */
  read(): Promise<Project>;
}

/**
 * Returns the reader of the project that the options name; undefined without one. The YAML reader
 * is loaded only here: services alone start faster that way.
 */
export function projectReader(
  options: LocalCloudOptions,
  place: { accountId: string; region: string },
): ProjectReader | undefined {
  const { project: dir, sYaml: file, env: environment, template, strict, variables } = options;
  if (dir === undefined) return undefined;
  return {
    folder: dir,
    async read() {
      const [{ readProject }, { withUsableTriggers }] = await Promise.all([
        import('../project/project.ts'),
        import('./usable-triggers.ts'),
      ]);
      const project = await readProject({
        dir,
        ...place,
        ...(file !== undefined && { file }),
        ...(environment !== undefined && { environment }),
        ...(template !== undefined && { template }),
        ...(strict && { strict }),
        // Given variables replace all others.
        ...(variables && { env: variables, dotEnv: false }),
      });
      return withUsableTriggers(project, strict === true);
    },
  };
}
