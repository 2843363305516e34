import {
  listOwnGrants,
  listOwnSessions,
  micros,
  pathAt,
  plusSeconds,
  sessionId,
  showId,
  type Micros,
  type OwnGrant,
  type OwnSession,
  type SessionReference,
} from '@signet/contracts';
import { renderAccount, sendPage, type AccountNotice, type AccountView } from '@signet/pages';
import { z } from 'zod';
import type { Browser } from '../interaction/browser.js';
import { contextOf } from '../interaction/exchange.js';
import { shownAccount } from '../interaction/shown-account.js';
import { showSignIn } from '../sign-in/sign-in-page.js';
import type { AccountFlow } from './account-flow.js';
import { deviceName } from './device-name.js';
import { shownNames } from './shown-names.js';

/** Seconds that a person has for the page. */
const lifetime = 1_800;

/** What is sealed into its forms: they are of the session that they were shown to, and go on in the language that was asked for. */
const form = z.object({ session: sessionId, expiresAt: micros, uiLocales: z.array(z.string()).default([]) });
export type AccountForm = z.output<typeof form>;

/** What was sealed into a form; or that it is not ours and this browser's (`foreign`), or too old. */
export function openAccountForm(
  browser: Browser,
  sealed: string | undefined,
  now: Micros,
): AccountForm | 'foreign' | 'expired' {
  const opened = browser.openForm('account', sealed);
  const parsed = opened === undefined ? undefined : form.safeParse(JSON.parse(opened));
  if (parsed?.success !== true) return 'foreign';
  return parsed.data.expiresAt > now ? parsed.data : 'expired';
}

/** Shows what the person is signed in to and has agreed to; where nobody is signed in, or only seems to be, the sign-in page. */
export async function showAccount(flow: AccountFlow, notice?: AccountNotice): Promise<void> {
  const { deps, exchange, browser } = flow;
  const { tenant } = exchange;
  const { session } = browser;
  const listed = session && (await deps.requester.request(listOwnSessions, ownRequest(flow, session)));
  if (listed?.outcome !== 'live') {
    showSignIn(flow);
    return;
  }
  const { authentication, sessions, more: moreSessions } = listed;
  const agreed = await deps.requester.request(listOwnGrants, { tenantId: tenant.id, authentication });
  if (agreed.outcome === 'dead') {
    flow.expire();
    return;
  }
  const { grants, more: moreGrants } = agreed;
  const content: AccountForm = {
    session: authentication.sessionId,
    expiresAt: plusSeconds(deps.clock.now(), lifetime),
    uiLocales: [...flow.request.uiLocales],
  };
  const [account, shown] = await Promise.all([
    shownAccount(flow, authentication.accountId),
    shownParts(flow, sessions, grants),
  ]);
  const view = {
    action: flow.path('/account'),
    signOutPath: pathAt(tenant, '/logout'),
    interaction: browser.sealForm('account', JSON.stringify(content)),
    account,
    now: milliseconds(deps.clock.latest()),
    ...{ moreSessions, moreGrants },
    ...(notice !== undefined && { notice }),
  };
  sendPage(exchange, deps.issuer, 200, (context) => renderAccount({ ...view, ...shown(context.locale) }, context));
}

/** What the person whose cookie names `session` asks of their own sessions. */
export const ownRequest = ({ exchange }: AccountFlow, session: SessionReference) => ({
  ...{ tenantId: exchange.tenant.id, session, context: contextOf(exchange) },
});

/** Both lists, by the language of the page. */
async function shownParts(
  { deps, exchange }: AccountFlow,
  sessions: readonly OwnSession[],
  grants: readonly OwnGrant[],
): Promise<(language: string) => Pick<AccountView, 'sessions' | 'grants'>> {
  const { id } = exchange.tenant;
  const clientIds = new Set([...sessions.flatMap((each) => each.clientIds), ...grants.map((each) => each.clientId)]);
  const names = await shownNames(deps.copies, id, clientIds);
  return (language) => {
    const nameOf = (clientId: string) => names.client(clientId, language);
    return {
      sessions: sessions.map((each) => ({
        id: showId('ses', each.sessionId),
        current: each.current,
        ...deviceName(each.userAgent),
        ip: each.ip,
        createdAt: milliseconds(each.createdAt),
        lastSeenAt: milliseconds(each.lastSeenAt),
        clientNames: each.clientIds.map(nameOf),
      })),
      grants: grants.map((each) => ({
        id: showId('gra', each.grantId),
        clientName: nameOf(each.clientId),
        agreedAt: milliseconds(each.agreedAt),
        ...(each.lastUsedAt !== null && { lastUsedAt: milliseconds(each.lastUsedAt) }),
        scopes: each.scopes.map((name) => {
          const description = names.description(name);
          return { name, ...(description !== undefined && { description }) };
        }),
      })),
    };
  };
}

const milliseconds = (instant: Micros): number => Math.floor(instant / 1_000);
