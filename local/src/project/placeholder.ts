/** Placeholder in a text where only the cloud knows the value. */
export const ONLY_IN_THE_CLOUD = 'known-only-in-the-cloud';
