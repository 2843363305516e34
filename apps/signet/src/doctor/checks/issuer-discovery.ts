import type { IssuerFacts } from '../issuer-facts.js';
import { ofIssuer } from '../per-service.js';
import { fault, ok, type Verdict } from '../verdict.js';

export function judgeDiscovery({
  url,
  status,
  fault: reason,
  issuer,
}: Pick<IssuerFacts, 'url' | 'status' | 'fault' | 'issuer'>): Verdict {
  if (reason === 'redirect')
    return fault(
      'discovery is redirected',
      'SIGNET_ISSUER is where it leads to in the end: no redirect between http and https, or from one host to another',
    );
  if (status === 0)
    return fault(
      `nobody answers there (${reason ?? 'unreachable'})`,
      'See that Signet and the proxy run, that this machine may reach them, and that the name leads there',
    );
  if (status === 421)
    return fault(
      'Signet does not know the host that it is asked for (421)',
      'Let the proxy hand on Host as it came (`signet routes nginx` prints it), and set SIGNET_ISSUER to the public origin',
    );
  if (status === 502 || status === 503 || status === 504)
    return fault(`discovery answers ${status}`, 'See that token runs, and that the proxy knows where');
  if (issuer === undefined)
    return fault(
      `what answers there (${status}) is not discovery`,
      'Let the proxy lead the paths of `signet routes` to the services',
    );
  if (issuer !== url)
    return fault(
      `discovery says the issuer ${issuer}`,
      `Set SIGNET_ISSUER to the issuer that tenants were made with, in every process: ${issuer}`,
    );
  return ok('discovery names this issuer');
}

export const issuerDiscovery = ofIssuer({
  name: 'issuer.discovery',
  about: 'discovery answers at the issuer’s public URL, without a redirect, and names SIGNET_ISSUER',
  judge: judgeDiscovery,
});
