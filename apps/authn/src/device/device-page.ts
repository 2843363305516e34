import { micros, pathAt, plusSeconds, type Micros } from '@signet/contracts';
import { renderDevice, sendPage, type DeviceView } from '@signet/pages';
import { z } from 'zod';
import type { Browser } from '../interaction/browser.js';
import type { Exchange } from '../interaction/exchange.js';
import type { InteractionDeps } from '../interaction/interaction-deps.js';

type Circumstances = Pick<DeviceView, 'userCode' | 'problem' | 'retryAfterSeconds'>;

/** Seconds that a person has for the page. */
const lifetime = 600;

const form = z.object({ expiresAt: micros });

/** 400 for what the person can mend, 429 for what time mends. */
const statusOf = (problem: DeviceView['problem']): number => {
  if (problem === undefined) return 200;
  return problem === 'too-many-attempts' ? 429 : 400;
};

/** Asks for the user code; the form is this browser's own, and nothing is stored. */
export function showDevice(
  at: { readonly deps: InteractionDeps; readonly exchange: Exchange; readonly browser: Browser },
  circumstances: Circumstances = {},
): void {
  const { deps, exchange, browser } = at;
  const content = JSON.stringify({ expiresAt: plusSeconds(deps.clock.now(), lifetime) });
  const interaction = browser.sealForm('device', content);
  const { problem, retryAfterSeconds } = circumstances;
  if (retryAfterSeconds !== undefined) void exchange.reply.header('Retry-After', String(retryAfterSeconds));
  sendPage(exchange, deps.issuer, statusOf(problem), (context) =>
    renderDevice({ action: pathAt(exchange.tenant, '/device'), interaction, ...circumstances }, context),
  );
}

/** Whether a form is one that this browser was shown, and still good. */
export function isOwnForm(browser: Browser, sealed: string | undefined, now: Micros): 'own' | 'expired' | 'foreign' {
  const opened = browser.openForm('device', sealed);
  const read = opened === undefined ? undefined : form.safeParse(JSON.parse(opened)).data;
  if (read === undefined) return 'foreign';
  return read.expiresAt > now ? 'own' : 'expired';
}
