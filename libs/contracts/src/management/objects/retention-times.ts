import { retainedClasses, type RetainedClass } from '../../directory/tenant.js';

type Times = { readonly [C in RetainedClass]?: number | undefined };

/** The same times in another unit. */
export const retentionTimes = (times: Times, factor: number): Times =>
  Object.fromEntries(
    retainedClasses.flatMap((name) => {
      const time = times[name];
      return time === undefined ? [] : [[name, Math.round(time * factor)]];
    }),
  );
