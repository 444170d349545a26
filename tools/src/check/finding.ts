import type { ProjectView } from '../project/view.ts';

/** One thing that a reviewer would not let pass. */
export interface Finding {
  /** `s.yaml:12`, or a file that should be there. */
  source: string;
  problem: string;
  remedy: string;
}

export type Rule = (view: ProjectView) => Finding[];
