import { NO_CONTENT, type Operation } from './operation.ts';

/** `DELETE /queues/<name>`; one that isn't there is fine. */
export const deleteQueue: Operation = {
  action: 'DeleteQueue',
  query: [],
  async run({ service, name }) {
    await service.deleteQueue(name);
    return { status: NO_CONTENT };
  },
};
