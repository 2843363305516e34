import pg from 'pg';

import { measureTokens } from './client-credentials.mjs';
import { median, withOneProcess } from './one-process.mjs';

const lanes = 16;
const rounds = 5;

/**
 * What it costs that no token is without its record: client_credentials a second with events kept, and with the database taking none, in turn.
 * The statement is sent in both; without, it writes nothing, so that nothing is published, appended or signed either.
 *
 * npm run bench -- recording [seconds of a round]
 */
export async function run([seconds = '10']) {
  await withOneProcess(async ({ origin, start, databaseUrl }) => {
    const { signetProcess } = await start();
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const figures = { with: [], without: [] };
    await measureTokens(origin, lanes, 5);
    for (let round = 0; round < rounds; round += 1) {
      await forget(client);
      figures.without.push((await measureTokens(origin, lanes, Number(seconds))).perSecond);
      await remember(client);
      figures.with.push((await measureTokens(origin, lanes, Number(seconds))).perSecond);
    }
    await client.end();
    await signetProcess.stop();
    const [kept, none] = [median(figures.with), median(figures.without)];
    console.log(`client_credentials a second, medians of ${rounds} rounds of ${seconds} s, ${lanes} at once:`);
    console.log(`  recorded      ${kept.toFixed(0)}`);
    console.log(`  not recorded  ${none.toFixed(0)}`);
    console.log(`  the price     ${((1 - kept / none) * 100).toFixed(0)} %`);
  });
}

const forget = (client) =>
  client.query(`
create or replace function token.bench_forget() returns trigger language plpgsql as 'begin return null; end';
create trigger bench_forget before insert on token.outbox for each row execute function token.bench_forget()`);

const remember = (client) => client.query('drop trigger bench_forget on token.outbox');
