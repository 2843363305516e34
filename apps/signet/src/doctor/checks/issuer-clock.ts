import type { IssuerFacts } from '../issuer-facts.js';
import { ofIssuer } from '../per-service.js';
import type { Verdict } from '../verdict.js';
import { judgeAhead } from './database-clock.js';

/** A Date header has whole seconds. */
export const judgeIssuerClock = ({ clock }: Pick<IssuerFacts, 'clock'>): Verdict | undefined =>
  clock && judgeAhead((clock.machine - clock.answered - 500) / 1_000, 'what answers there');

export const issuerClock = ofIssuer({
  name: 'issuer.clock',
  about: 'the clock of what answers at the issuer’s URL (its Date) is within 5 s of this machine’s',
  judge: judgeIssuerClock,
});
