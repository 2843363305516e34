/** draft-ietf-oauth-status-list section 5.1. */
export const STATUS_LIST_MEDIA_TYPE = 'application/statuslist+jwt';

/** What an Accept header may name it by, the most specific first (RFC 9110 section 12.5.1). */
const ranges = [STATUS_LIST_MEDIA_TYPE, 'application/*', '*/*'];

/**
 * Whether a status list in JWT format is acceptable (draft-ietf-oauth-status-list section 8.1, RFC 9110 section 12.5.1): by the weight of the
 * most specific range that takes it in. Without the header anything is.
 */
export const acceptsStatusList = (accept: string | undefined): boolean => {
  if (accept === undefined) return true;
  const weights = new Map(
    accept.split(',').map((part) => {
      const [range = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [range, weight === undefined ? 1 : Number(weight.slice(2))] as const;
    }),
  );
  const weight = ranges.map((range) => weights.get(range)).find((one) => one !== undefined);
  return weight !== undefined && weight > 0;
};
