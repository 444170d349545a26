import { NO_CONTENT, type Operation } from './operation.ts';

/** `DELETE /topics/<name>`, with its subscriptions; succeeds also if it does not exist. */
export const deleteTopic: Operation = {
  action: 'DeleteTopic',
  query: [],
  async run({ service, name }) {
    await service.deleteTopic(name);
    return { status: NO_CONTENT };
  },
};
