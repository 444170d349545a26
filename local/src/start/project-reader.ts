import type { LocalCloudOptions } from '../options.ts';
import type { Project } from '../project/types.ts';

/** Reads the project, as often as it is asked to. */
export interface ProjectReader {
  folder: string;
  /** Throws LocalCloudError for what cannot be read. */
  read(): Promise<Project>;
}

/** The reader of the project that the options name; undefined without one. What reads YAML is loaded only here: services alone start faster so. */
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
        // Whoever gives variables of their own wants no others.
        ...(variables && { env: variables, dotEnv: false }),
      });
      return withUsableTriggers(project, strict === true);
    },
  };
}
