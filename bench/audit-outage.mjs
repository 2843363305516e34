import pg from 'pg';

import { askForTokens, measureTokens } from './client-credentials.mjs';
import { withFiveProcesses } from './five-processes.mjs';

const lanes = 16;

/**
 * Audit away under full load: whether anybody notices, and how fast it catches up when it is back, the load going on.
 *
 * npm run bench -- audit-outage [seconds away]
 */
export async function run([given = '300']) {
  const away = Number(given);
  await withFiveProcesses(async ({ services, databaseUrl }) => {
    const client = new pg.Client({ connectionString: databaseUrl });
    // The server ends it where a measurement was broken off.
    client.on('error', () => {});
    await client.connect();
    const waiting = async (most = 'all') => {
      const { rows } = await client.query(
        `select count(*)::int as waiting from (select from token.outbox limit ${most}) as those`,
      );
      return rows[0].waiting;
    };
    const { origin } = services.token;
    await measureTokens(origin, lanes, 5);
    const before = await measureTokens(origin, lanes, Math.min(away, 60));
    await services.audit.stop();
    const during = await measureTokens(origin, lanes, away);
    const behind = await waiting();
    let over = false;
    const began = performance.now();
    const load = askForTokens(origin, lanes, () => over);
    await services.audit.start();
    // Caught up: no more is waiting than was on its way while audit ran.
    const usual = Math.ceil(before.perSecond * 2);
    while ((await waiting(usual + 1)) > usual) await new Promise((resolve) => setTimeout(resolve, 500));
    const seconds = (performance.now() - began) / 1_000;
    over = true;
    const { taken, errors } = await load;
    await client.end();
    const arrived = taken.length / seconds;
    const worked = arrived + behind / seconds;
    console.log(`client_credentials, ${lanes} at once; audit away for ${away} s:`);
    console.log(`  a second with audit ${before.perSecond.toFixed(0)}, without ${during.perSecond.toFixed(0)}`);
    console.log(
      `  p99 with audit ${before.p99.toFixed(1)} ms, without ${during.p99.toFixed(1)} ms; × ${(during.p99 / before.p99).toFixed(2)}`,
    );
    console.log(`  errors while it was away ${during.errors}, while it caught up ${errors}`);
    console.log(
      `  ${behind} events behind, caught up in ${seconds.toFixed(0)} s: ${worked.toFixed(0)} a second, × ${(worked / arrived).toFixed(1)} of what arrived meanwhile (${arrived.toFixed(0)})`,
    );
  });
}
