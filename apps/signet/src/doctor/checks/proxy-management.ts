import type { IssuerFacts } from '../issuer-facts.js';
import { ofIssuer } from '../per-service.js';
import { fault, ok, type Verdict } from '../verdict.js';

export function judgeManaged({ status, managed }: Pick<IssuerFacts, 'status' | 'managed'>): Verdict | undefined {
  if (managed.length > 0)
    return fault(
      `${managed.join(', ')} answer to everybody`,
      'Let the proxy lead the paths of `signet routes` alone to the services, and none to the management port',
    );
  return status === 0 ? undefined : ok('nothing of the management port is public');
}

export const proxyManagement = ofIssuer({
  name: 'proxy.management',
  about: 'the management port’s /metrics, /health, /livez and /readyz do not answer at the issuer’s URL',
  judge: judgeManaged,
});
