import { randomUUID } from 'node:crypto';
import type { EventSources, RoleCheck } from '../fc/sources.ts';
import { AssumeRoleError } from '../identities/assume-role-error.ts';
import type { Identities } from '../identities/identities.ts';
import { MIN_SESSION_SECONDS } from '../identities/limits.ts';
import type { OssService } from '../oss/service.ts';
import type { SmqService } from '../smq/core/service.ts';

/** Returns the services as the runtime's triggers and destinations use them. */
export function eventSources(smq: SmqService, oss: OssService): EventSources {
  return {
    onObjectChange: (listener) => oss.onEvent(listener),
    onPublish: (topic, listener) => smq.onPublish(topic, listener),
    queues: {
      receive: (queue, options) => smq.receive(queue, options),
      async hide(queue, receiptHandle, seconds) {
        return (await smq.changeVisibility(queue, receiptHandle, seconds)).receiptHandle;
      },
      delete: (queue, receiptHandle) => smq.deleteMessage(queue, receiptHandle),
      async send(queue, body) {
        await smq.send(queue, { body });
      },
    },
    async publish(topic, body) {
      await smq.publish(topic, { body });
    },
  };
}

/**
 * Returns a check whether a service may act as a role: the role exists, trusts the service and has
 * the permission.
 */
export function roleCheck(identities: Identities): RoleCheck {
  return ({ role, services, action, resource }) => {
    let reason = '';
    for (const service of services) {
      try {
        const { accessKeyId } = identities.assumeRole({
          role,
          sessionName: `check-${randomUUID().slice(0, 8)}`,
          durationSeconds: MIN_SESSION_SECONDS,
          by: { service },
        });
        const key = identities.findAccessKey(accessKeyId);
        if (!key) continue;
        const decision = identities.authorize(key, { action, resource, secureTransport: true });
        return decision.allowed ? undefined : decision.reason;
      } catch (error) {
        if (!(error instanceof AssumeRoleError)) throw error;
        reason ||= error.message;
      }
    }
    return reason;
  };
}
