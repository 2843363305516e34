import { showId, type AccountId } from '@signet/contracts';
import type { Answer, Page } from '@signet/service';

interface MemberRow {
  readonly accountId: AccountId;
}

/** Members without what a row has of the directory alone: their account as it is shown. */
type Shown<R extends MemberRow> = Omit<R, 'accountId'> & { readonly account_id: string };

export function showMember<R extends MemberRow>({ accountId, ...member }: R): Shown<R> {
  return { account_id: showId('acc', accountId), ...member };
}

/** A page of members, in the order of their accounts. */
export async function memberPage<R extends MemberRow>(
  page: Page,
  read: (range: { readonly after: string | undefined; readonly limit: number }) => Promise<readonly R[]>,
): Promise<Answer<{ items: Shown<R>[]; next_cursor?: string }>> {
  return { body: page.of(await read(page.range), showMember, ({ accountId }) => [accountId]) };
}
