import type { IssuerFacts } from '../issuer-facts.js';
import { judgeEnd } from '../certificate-end.js';
import { ofIssuer } from '../per-service.js';
import { fault, type Verdict } from '../verdict.js';

export function judgeShown({ certificate }: Pick<IssuerFacts, 'certificate'>, now: number): Verdict | undefined {
  if (!certificate) return undefined;
  const { ends, untrusted } = certificate;
  if (untrusted !== undefined && ends > now)
    return fault(
      `it is not trusted (${untrusted})`,
      'Show the whole chain, of an authority that clients know, for the host of the issuer; SIGNET_OUTBOUND_CA names an authority of your own to this command',
    );
  return judgeEnd(ends, now);
}

export const certificateShown = ofIssuer({
  name: 'certificates.issuer',
  about: 'the certificate at the issuer’s URL is trusted, is for its host, and is valid for two weeks more',
  judge: (facts) => judgeShown(facts, Date.now()),
});
