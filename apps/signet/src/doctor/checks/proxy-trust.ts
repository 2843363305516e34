import type { IssuerFacts } from '../issuer-facts.js';
import { ofIssuer } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

/** `trusted`: SIGNET_TRUSTED_PROXIES. What a service makes of the header is not seen from outside. */
export function judgeTrust(
  { status, proxy }: Pick<IssuerFacts, 'status' | 'proxy'>,
  trusted: readonly string[],
): Verdict | undefined {
  const everybody = trusted.filter((network) => /\/0+$/.test(network));
  if (everybody.length > 0)
    return fault(
      `SIGNET_TRUSTED_PROXIES has ${everybody.join(', ')}, so that everybody may say from where he comes`,
      'Name the addresses or networks of your proxies alone',
    );
  if (status === 0) return undefined;
  if (proxy !== undefined && trusted.length === 0)
    return warning(
      `a proxy answers (${proxy}), and SIGNET_TRUSTED_PROXIES is not set here`,
      'Set it to the proxy’s addresses in every service: otherwise all people have the proxy’s address, and the limits of one are those of all',
    );
  return ok(
    trusted.length > 0
      ? `X-Forwarded-For is believed from ${trusted.join(', ')} alone`
      : 'no proxy shows, and none is trusted',
  );
}

export const proxyTrust = ofIssuer({
  name: 'proxy.trust',
  about:
    'SIGNET_TRUSTED_PROXIES is set where a proxy answers (it shows by Via or Server), and does not trust everybody',
  judge: (facts, { environment }) =>
    judgeTrust(
      facts,
      (environment['SIGNET_TRUSTED_PROXIES'] ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    ),
});
