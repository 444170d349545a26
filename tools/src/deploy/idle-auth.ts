import type { PreviewedResource } from '../deploy-tool/preview.ts';

interface Trigger {
  triggerType?: unknown;
  triggerConfig?: { authType?: unknown; authConfig?: unknown };
}

/**
 * Removes authConfig from HTTP triggers unless the authType is jwt, the only one that uses it: whether FC
 * accepts one with another authType is not documented.
 */
export function withoutIdleAuth(
  functions: Record<string, PreviewedResource>,
): Record<string, PreviewedResource> {
  return Object.fromEntries(
    Object.entries(functions).map(([key, resource]) => {
      const { triggers } = resource.props;
      if (!Array.isArray(triggers)) return [key, resource];
      const left = triggers.map((trigger: Trigger) => {
        const { authConfig, ...rest } = trigger.triggerConfig ?? {};
        const isIdle = trigger.triggerType === 'http' && rest.authType !== 'jwt';
        return authConfig !== undefined && isIdle ? { ...trigger, triggerConfig: rest } : trigger;
      });
      return [key, { ...resource, props: { ...resource.props, triggers: left } }];
    }),
  );
}
