import { NO_CONTENT, type Operation } from './operation.ts';

/** `DELETE /topics/<topic>/subscriptions/<name>`; succeeds also if it does not exist. */
export const unsubscribe: Operation = {
  action: 'Unsubscribe',
  query: [],
  async run({ service, name, subscription }) {
    await service.unsubscribe(name, subscription);
    return { status: NO_CONTENT };
  },
};
