/** What a text has where only the cloud knows the value. */
export const ONLY_IN_THE_CLOUD = 'known-only-in-the-cloud';
