import { serviceNames } from '@signet/contracts';
import type { DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

/** As if all five were in this server, which is the most that it can come to. */
export function judgeConnections({
  connections: { most, open },
  perService,
}: Pick<DatabaseFacts, 'connections' | 'perService'>): Verdict {
  const oneOfEach = perService * serviceNames.length;
  const rounds = Math.floor(most / oneOfEach);
  const found = `${most} connections for services, ${open} open; ${perService} for each replica of each service`;
  const advice = `Raise max_connections to ${perService} for each replica that there may be, and for one more of each service: a rolling upgrade has it for a while`;
  if (rounds < 1) return fault(found, advice);
  return rounds < 2 || open > most * 0.8 ? warning(found, advice) : ok(found);
}

export const databaseConnections = ofDatabase({
  name: 'database.connections',
  about: 'max_connections has room for two replicas of every service, and a fifth of it is free',
  judge: judgeConnections,
});
