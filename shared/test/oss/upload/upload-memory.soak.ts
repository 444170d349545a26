import { expect, it } from 'vitest';
import { MIB, rig } from '../../../bench/upload/measure.ts';

it.each(['upload, from a file', 'upload, from a stream'])(
  '%s: 1 GiB stays under 96 MiB of resident memory above the process’s base',
  async (contender) => {
    const gibibyte = await rig(1024 * MIB);
    try {
      const { bytesAboveBase } = await gibibyte.run(contender);
      expect(bytesAboveBase / MIB).toBeLessThan(96);
    } finally {
      await gibibyte.close();
    }
  },
);
