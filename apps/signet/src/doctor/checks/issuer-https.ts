import { modeOf } from '@signet/service';
import type { IssuerFacts } from '../issuer-facts.js';
import { ofIssuer } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export function judgeHttps({
  url,
  status,
  strictTransport,
}: Pick<IssuerFacts, 'url' | 'status' | 'strictTransport'>): Verdict | undefined {
  if (modeOf(url) === 'development') return ok('a loopback host: development mode');
  if (!url.startsWith('https:'))
    return fault('it is http', 'Set an https origin, with TLS at the proxy or by SIGNET_TLS_CERT');
  if (status === 0) return undefined;
  if (strictTransport === undefined || /max-age="?0*"?(?:;|$)/i.test(strictTransport))
    return warning(
      'https without Strict-Transport-Security',
      'Let the proxy add it, once every host below its name has https: max-age=31536000',
    );
  return ok('https, with Strict-Transport-Security');
}

export const issuerHttps = ofIssuer({
  name: 'issuer.https',
  about: 'the issuer is https, but for a loopback host, and says so by Strict-Transport-Security',
  judge: judgeHttps,
});
