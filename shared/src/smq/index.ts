export { SmqClient, smqClient } from './client.ts';
export type { Queue } from './queue.ts';
export type { Topic } from './topic.ts';
export type * from './types.ts';
