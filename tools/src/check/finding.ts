import type { ProjectView } from '../project/view.ts';

/** A fault that a reviewer would not accept. */
export interface Finding {
  /** `s.yaml:12`, or a file that should exist. */
  source: string;
  problem: string;
  remedy: string;
}

export type Rule = (view: ProjectView) => Finding[];
