import { renderSignIn, sendPage, type SignInView } from '@signet/pages';
import { clientNameIn } from '@signet/protocol';
import type { InteractionFlow } from '../interaction/interaction-flow.js';
import { sealInteraction } from '../interaction/sealed-interaction.js';

type Circumstances = Pick<SignInView, 'notice' | 'problem' | 'username' | 'retryAfterSeconds'>;

/** 400 for what the person can mend, 429 for what time mends. */
const statuses: Partial<Record<NonNullable<SignInView['problem']>, number>> = {
  'wrong-credentials': 400,
  'missing-credentials': 400,
  'too-many-attempts': 429,
};

/** Shows the sign-in page with the request sealed into its form; nothing is stored. */
export function showSignIn(flow: InteractionFlow, circumstances: Circumstances = {}): void {
  const { deps, exchange, browser, request, client } = flow;
  const interaction = sealInteraction(browser, 'sign-in', { request }, deps.clock.now());
  const { problem, retryAfterSeconds } = circumstances;
  if (retryAfterSeconds !== undefined) void exchange.reply.header('Retry-After', String(retryAfterSeconds));
  const status = problem === undefined ? 200 : (statuses[problem] ?? 200);
  const hint = request.loginHint;
  sendPage(exchange, deps.issuer, status, (context) =>
    renderSignIn(
      {
        action: flow.path('/sign-in'),
        interaction,
        clientName: clientNameIn(client, context.locale),
        canCancel: true,
        ...(hint !== undefined && { username: hint }),
        ...circumstances,
      },
      context,
    ),
  );
}
