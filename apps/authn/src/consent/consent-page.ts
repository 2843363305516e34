import type { Authentication } from '@signet/contracts';
import { placeOf, renderConsent, sendPage } from '@signet/pages';
import type { InteractionFlow } from '../interaction/interaction-flow.js';
import { sealInteraction } from '../interaction/sealed-interaction.js';
import { shownClient } from '../interaction/shown-client.js';
import { shownAccount } from '../interaction/shown-account.js';

/** Asks the person whether the client may have what it asks for; bound to the session that it is shown to. */
export async function showConsent(flow: InteractionFlow, authentication: Authentication): Promise<void> {
  const { deps, exchange, browser, request } = flow;
  const { tenant } = exchange;
  const [account, catalogue] = await Promise.all([
    shownAccount(flow, authentication.accountId),
    deps.copies.catalogue(tenant.id),
  ]);
  const { idToken, userinfo } = flow.claims;
  // The yes is to what the page shows, even where the client is registered for more by then.
  const asShown = { ...request, claims: { idToken: [...idToken], userinfo: [...userinfo] } };
  const content = { request: asShown, session: authentication.sessionId };
  const interaction = sealInteraction(browser, 'consent', content, deps.clock.now());
  const described = new Map(catalogue?.scopes.map(({ name, description }) => [name, description]));
  sendPage(exchange, deps.issuer, 200, (context) =>
    renderConsent(
      {
        action: flow.path('/consent'),
        interaction,
        client: shownClient(flow, context.locale),
        destination:
          'device' in request
            ? { kind: 'device', userCode: request.device.userCode }
            : { kind: 'client', host: placeOf(request.redirectUri) },
        account,
        scopes: flow.wanted.map((name) => {
          const description = described.get(name);
          return { name, ...(description !== undefined && { description }) };
        }),
        canSwitchAccount: true,
      },
      context,
    ),
  );
}
