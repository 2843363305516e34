import { renderSignIn, sendPage, type SignInView } from '@signet/pages';
import { sealInteraction } from '../interaction/sealed-interaction.js';
import type { SignInFlow } from '../interaction/sign-in-flow.js';

type Circumstances = Pick<SignInView, 'notice' | 'problem' | 'username' | 'retryAfterSeconds'> & {
  readonly remembered?: boolean;
};

/** 400 for what the person can mend, 429 for what time mends. */
const statuses: Partial<Record<NonNullable<SignInView['problem']>, number>> = {
  'wrong-credentials': 400,
  'missing-credentials': 400,
  'too-many-attempts': 429,
};

/** Shows the sign-in page with the request sealed into its form; nothing is stored. */
export function showSignIn(flow: SignInFlow, { remembered = false, ...circumstances }: Circumstances = {}): void {
  const { deps, exchange, browser, request } = flow;
  const interaction = sealInteraction(browser, 'sign-in', { request }, deps.clock.now());
  const { problem, retryAfterSeconds } = circumstances;
  if (retryAfterSeconds !== undefined) void exchange.reply.header('Retry-After', String(retryAfterSeconds));
  const status = problem === undefined ? 200 : (statuses[problem] ?? 200);
  const hint = 'loginHint' in request ? request.loginHint : undefined;
  const mayRemember = exchange.tenant.policies.session.remembered !== undefined;
  sendPage(exchange, deps.issuer, status, (context) => {
    const clientName = flow.clientName(context.locale);
    return renderSignIn(
      {
        action: flow.path('/sign-in'),
        interaction,
        // Where no client asked there is nobody to go back to.
        ...(clientName !== undefined && { clientName, canCancel: true }),
        ...(mayRemember && { remember: remembered ? 'yes' : 'no' }),
        ...(hint !== undefined && { username: hint }),
        ...circumstances,
      },
      context,
    );
  });
}
