import { listTenants, showId } from '@signet/contracts';
import { command } from '../command.js';
import { asOperator } from '../operator.js';

export const tenantsList = command({
  words: ['tenants', 'list'],
  summary: 'Lists the tenants: id, slug and issuer.',
  options: {},
  run: async (_, context) => {
    const { tenants } = await asOperator(context, (requester) => requester.request(listTenants, { limit: 1_000 }));
    for (const { id, slug, issuer } of tenants) context.out(`${showId('ten', id)}  ${slug}  ${issuer}`);
  },
});
