/** Bytes that a package may have zipped: FC loads it at each cold start. The rule "packages" of check holds it. */
export const MAX_ZIPPED_BYTES = 200 * 1024;

/** The same for a package with a code cache, four to five times as large. */
export const MAX_ZIPPED_BYTES_WITH_CODE_CACHE = 650 * 1024;
