import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventId, newId, tenantId } from '@signet/contracts';
import { migrate } from '@signet/persistence';
import { suiteDatabase, type SuiteDatabase } from '@signet/testing';
import { auditService } from '../src/index.js';

const { migrations } = auditService;
const before = migrations.findIndex(({ name }) => name === 'entry-partitions');

let database: SuiteDatabase;
beforeAll(async () => {
  database = await suiteDatabase({
    services: { audit: migrations.slice(0, before) },
    unrecorded: { 'audit.entry': 'any' },
  });
});
afterAll(() => database.drop());

describe('the migration to partitions', () => {
  it('takes every entry along, as the log is asked for it from then on', async () => {
    const tenant = newId(tenantId);
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const told = [
      ['signet.authn.sign-in.failed.v1', { actor: 'anonymous', traceparent: `00-${trace}-b7ad6b7169203331-01` }],
      ['signet.token.family.ended.v1', { actor: 'service:token' }],
      ['signet.authn.setup.opened.v1', { actor: 'operator:cli' }],
      ['signet.audit.personal-key.destroyed.v1', { actor: 'service:audit', data: { text: '\u0000' } }],
    ] as const;
    for (const [place, [type, leaf]] of told.entries()) {
      await database.query(
        `insert into audit.entry (tenant_id, index, ordinal, id, subject, type, aggregate, aggregate_version, leaf,
           stream_created, stream_sequence)
         values ($1, $2::bigint, $2::bigint + 1, $3, 's', $4, $5, 1, $6, $7, $2::bigint)`,
        [tenant, place, newId(eventId), type, `x:${place}`, Buffer.from(JSON.stringify(leaf)), place < 3 ? 'a' : 'b'],
      );
    }
    await migrate({ url: database.serviceUrl('audit'), service: 'audit', migrations });
    const rows = await database.query(
      `select class, type, actor, failed, replace(trace::text, '-', '') as trace, leaf from audit.entry order by ordinal`,
    );
    expect(rows).toEqual(
      [
        ['authentication', 'anonymous', true, trace],
        ['tokens', 'service:token', false, null],
        ['administration', 'operator:cli', false, null],
        // Its leaf holds what Postgres' JSON does not.
        ['audit', 'anonymous', false, null],
      ].map(([name, actor, failed, of], place) => ({
        ...{ class: name, type: told[place]?.[0], actor, failed, trace: of },
        leaf: Buffer.from(JSON.stringify(told[place]?.[1])),
      })),
    );
    expect(await database.query('select created, first::int, last::int from audit.stream order by 1')).toEqual([
      { created: 'a', first: 1, last: 3 },
      { created: 'b', first: 4, last: 4 },
    ]);
  });
});
