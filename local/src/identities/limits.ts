/** The shortest session that STS grants, in seconds. */
export const MIN_SESSION_SECONDS = 900;
/** The longest session of a role that sets none, in seconds. */
export const DEFAULT_MAX_SESSION_SECONDS = 3600;
/** Range of a role's MaxSessionDuration, in seconds. */
export const MAX_SESSION_DURATION = { min: 3600, max: 43_200 };
