/** Changes that no test notices, by the mutant's name, with the reason. */
export const SURVIVORS: Readonly<Record<string, string>> = {};
