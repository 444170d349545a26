import { NO_CONTENT, type Operation } from './operation.ts';

/** `DELETE /queues/<name>`; succeeds also if it does not exist. */
export const deleteQueue: Operation = {
  action: 'DeleteQueue',
  query: [],
  async run({ service, name }) {
    await service.deleteQueue(name);
    return { status: NO_CONTENT };
  },
};
