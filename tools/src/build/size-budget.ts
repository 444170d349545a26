/** Maximum bytes of a zipped package: FC loads it at each cold start. The rule "packages" of check enforces it. */
export const MAX_ZIPPED_BYTES = 200 * 1024;

/** The limit for a package with a code cache, which is four to five times as large. */
export const MAX_ZIPPED_BYTES_WITH_CODE_CACHE = 650 * 1024;
