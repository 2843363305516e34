import { pathAt } from '@signet/contracts';
import { renderSetup, sendPage, type SetupProblem, type SetupView } from '@signet/pages';
import type { Browser } from '../interaction/browser.js';
import type { Exchange } from '../interaction/exchange.js';
import type { InteractionDeps } from '../interaction/interaction-deps.js';
import { sealSetup } from './setup-form.js';

export interface SetupAt {
  readonly deps: InteractionDeps;
  readonly exchange: Exchange;
  readonly browser: Browser;
}

type Circumstances = Pick<SetupView, 'username' | 'name' | 'email' | 'problem' | 'retryAfterSeconds'>;

/** 400 for what the person can mend, 429 for what time mends. */
const statusOf = (problem: SetupProblem | undefined): number => {
  if (problem === undefined) return 200;
  return problem === 'too-many-attempts' ? 429 : 400;
};

/** Asks who the first administrator is, and for the code, where this browser has not given the right one yet; nothing is stored. */
export function showSetup(
  { deps, exchange, browser }: SetupAt,
  codeHash: string | undefined,
  circumstances: Circumstances = {},
): void {
  const { problem, retryAfterSeconds } = circumstances;
  const interaction = sealSetup(browser, codeHash, deps.clock.now());
  const action = pathAt(exchange.tenant, '/setup');
  if (retryAfterSeconds !== undefined) void exchange.reply.header('Retry-After', String(retryAfterSeconds));
  sendPage(exchange, deps.issuer, statusOf(problem), (context) =>
    renderSetup({ action, interaction, codeAccepted: codeHash !== undefined, ...circumstances }, context),
  );
}
