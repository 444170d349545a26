import { type Operation, objectOf } from '../operation.ts';
import { answerObject } from './get-object.ts';

export const headObject: Operation = {
  permissions: (request) => [
    { action: 'oss:GetObject', ...objectOf(request), access: 'read', follows: true },
  ],

  async run(call) {
    return answerObject(call);
  },
};
