import { childrenOf, childText } from '../../xml/children.ts';
import type { Permission } from '../authorize.ts';
import { isFrozen, restore } from '../core/archive.ts';
import { invalidArgument, notImplemented } from '../errors.ts';
import { RESTORED_DAYS } from '../limits.ts';
import { type Operation, objectOf } from '../operation.ts';
import { readXmlBody } from '../read-xml.ts';
import type { OssRequest } from '../request.ts';

/**
 * Makes an object of the class Archive readable after a minute, for some days; for a symlink, its
 * target.
 */
export const restoreObject: Operation = {
  permissions,

  async run({ service, request, authorize }) {
    const days = await readDays(request);
    authorize(permissions(request)); // the symlink may have been redirected meanwhile
    const path = objectOf(request);
    const { target = path.key } = service.objects.follow(path);
    const now = service.clock.now();
    let begins = false;
    await service.objects.change({ ...path, key: target }, (object) => {
      begins = isFrozen(object, now);
      return { restored: restore(object, days, now) };
    });
    return { status: begins ? 202 : 200 };
  },
};

function permissions(request: OssRequest): Permission[] {
  return [{ action: 'oss:RestoreObject', ...objectOf(request), follows: true }];
}

async function readDays(request: OssRequest): Promise<number> {
  const body = await readXmlBody(request, 'RestoreRequest');
  if (body && childrenOf(body, 'JobParameters').length > 0)
    throw notImplemented('the priorities of restoring, which Archive has not');
  const text = body && childText(body, 'Days')?.trim();
  if (text === undefined) return RESTORED_DAYS.byDefault;
  const { min, max } = RESTORED_DAYS;
  const days = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (days >= min && days <= max) return days;
  throw invalidArgument('Days', text, `give ${min} to ${max}`);
}
