import type { NatsFacts } from '@signet/messaging';
import { modeOf } from '@signet/service';
import { ofNats } from '../per-service.js';
import { ok, warning, type Verdict } from '../verdict.js';

export const judgePermissions = (
  { unbound }: Pick<NatsFacts, 'unbound'>,
  { production }: { readonly production: boolean },
): Verdict =>
  unbound
    ? {
        ...warning(
          'the user may publish to subjects that no service publishes to',
          'Give nats-server the users and permissions that `signet nats config` prints',
        ),
        ...(production && { state: 'fault' as const }),
      }
    : ok('the user is held to permissions');

export const natsPermissions = ofNats({
  name: 'nats.permissions',
  about:
    'each service’s user is held to permissions (a message to a subject of nobody’s is refused); without them it is a fault in production mode',
  judge: (facts, examined) => judgePermissions(facts, { production: modeOf(examined.issuer) === 'production' }),
});
