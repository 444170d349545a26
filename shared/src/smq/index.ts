export type { ItemResult } from '../concurrency/item-result.ts';
export { SmqClient, smqClient } from './client.ts';
export type { Queue } from './queue.ts';
export type { Topic } from './topic.ts';
export type * from './types.ts';
