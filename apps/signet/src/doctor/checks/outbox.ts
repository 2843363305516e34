import type { DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export function judgeOutbox({ outbox }: Pick<DatabaseFacts, 'outbox'>): Verdict | undefined {
  if (!outbox) return undefined;
  const seconds = Math.round(outbox.oldestSeconds);
  const rows = outbox.rows >= 10_000 ? '10,000 events or more wait' : `${outbox.rows} events wait`;
  const found = outbox.rows === 0 ? 'empty' : `${rows}, the oldest for ${seconds} s`;
  const advice =
    'See that audit and NATS run: what is recorded waits until audit confirms it, and nothing more is recorded at SIGNET_OUTBOX_MAX';
  if (seconds > 3_600) return fault(found, advice);
  if (seconds > 120) return warning(found, advice);
  if (outbox.setAside === 0) return ok(found);
  return warning(
    `${found}; audit does not take ${outbox.setAside} more`,
    '`signet events set-aside` shows them and why; docs/operations/alerts.md#signetoutboxsetaside says what to do',
  );
}

export const outbox = ofDatabase({
  name: 'outbox',
  about: 'what was recorded is confirmed by audit within two minutes (an hour is a fault), and none of it is set aside',
  judge: judgeOutbox,
});
