import { NO_CONTENT, type Operation } from './operation.ts';

/** `DELETE /topics/<name>`, with its subscriptions; one that isn't there is fine. */
export const deleteTopic: Operation = {
  action: 'DeleteTopic',
  query: [],
  async run({ service, name }) {
    await service.deleteTopic(name);
    return { status: NO_CONTENT };
  },
};
