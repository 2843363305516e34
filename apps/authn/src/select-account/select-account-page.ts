import type { Authentication } from '@signet/contracts';
import { renderSelectAccount, sendPage } from '@signet/pages';
import { clientNameIn } from '@signet/protocol';
import type { InteractionFlow } from '../interaction/interaction-flow.js';
import { sealInteraction } from '../interaction/sealed-interaction.js';
import { shownAccount } from '../interaction/shown-account.js';

/** Asks the person whether they mean the account that is signed in; bound to the session that it is shown to. */
export async function showSelectAccount(
  flow: InteractionFlow,
  { accountId, sessionId }: Authentication,
): Promise<void> {
  const { deps, exchange, browser, request, client } = flow;
  const account = await shownAccount(flow, accountId);
  const interaction = sealInteraction(browser, 'select-account', { request, session: sessionId }, deps.clock.now());
  sendPage(exchange, deps.issuer, 200, (context) =>
    renderSelectAccount(
      { action: flow.path('/select-account'), interaction, clientName: clientNameIn(client, context.locale), account },
      context,
    ),
  );
}
