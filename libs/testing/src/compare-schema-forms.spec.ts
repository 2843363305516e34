import { describe, expect, it } from '@jest/globals';
import { schemaFaults, withoutContractions } from './compare-schema-forms.js';
import type { ColumnForm, RuleForm, SchemaForm, TableForm } from './schema-form.js';

const text: ColumnForm = { type: 'text', nullable: false, default: null };
const note: ColumnForm = { ...text, nullable: true };
const made: ColumnForm = { type: 'timestamp with time zone', nullable: false, default: 'clock_timestamp()' };
const key: RuleForm = { columns: ['id'], text: 'PRIMARY KEY (id)' };
const thing: TableForm = { columns: { id: text, note, made }, rules: { thing_pkey: key } };
const released: SchemaForm = {
  tables: { thing, other: { columns: { id: text }, rules: {} } },
  functions: ['touch() returns trigger'],
  migrations: { things_1: 'a', others_2: 'b' },
};

const referring = (text: string): SchemaForm => ({
  ...released,
  tables: {
    ...released.tables,
    third: { columns: { id: { ...note } }, rules: { third_id: { columns: ['id'], text } } },
  },
});
const withColumns = (columns: TableForm['columns'], rules: TableForm['rules'] = {}): SchemaForm => ({
  ...released,
  tables: {
    ...released.tables,
    thing: { columns: { ...thing.columns, ...columns }, rules: { ...thing.rules, ...rules } },
  },
});
const withoutColumn = (name: string): SchemaForm => {
  const columns = Object.fromEntries(Object.entries(thing.columns).filter(([column]) => column !== name));
  return { ...released, tables: { ...released.tables, thing: { ...thing, columns } } };
};
const { other = thing } = released.tables;

describe('migrations beyond a release', () => {
  it.each<[string, SchemaForm]>([
    ['do nothing', released],
    [
      'add a table',
      { ...released, tables: { ...released.tables, third: { columns: { id: text }, rules: { third_pkey: key } } } },
    ],
    ['refer to a row, and go with it', referring('FOREIGN KEY (id) REFERENCES thing(id) ON DELETE CASCADE')],
    ['add a column that may be null', withColumns({ more: note })],
    ['add a column with a default', withColumns({ more: { ...text, default: "''::text" } })],
    ['add a column that is computed', withColumns({ more: { ...text, default: 'generated lower(id)' } })],
    ['give a column a default', withColumns({ note: { ...note, default: "''::text" } })],
    [
      'constrain a new column',
      withColumns({ more: note }, { thing_more: { columns: ['more'], text: 'CHECK (more <> id)' } }),
    ],
    ['add a function', { ...released, functions: [...released.functions, 'f() returns text'] }],
    ['come after those of the release', { ...released, migrations: { ...released.migrations, thirds_3: 'c' } }],
  ])('may %s', (_name, today) => {
    expect(schemaFaults(released, today)).toEqual([]);
  });

  it.each<[string, SchemaForm, string]>([
    ['drop a table', { ...released, tables: { other } }, 'thing'],
    ['drop a column', withoutColumn('note'), 'thing.note'],
    ['change the type of a column', withColumns({ note: { ...note, type: 'uuid' } }), 'thing.note'],
    ['demand a column', withColumns({ note: text }), 'thing.note'],
    ['let a column be null', withColumns({ id: note }), 'thing.id'],
    ['take a default away', withColumns({ made: { ...made, default: null } }), 'thing.made'],
    ['change a default', withColumns({ made: { ...made, default: 'now()' } }), 'thing.made'],
    ['add a column that an older insert leaves empty', withColumns({ more: text }), 'thing.more'],
    [
      'drop a constraint',
      { ...released, tables: { ...released.tables, thing: { ...thing, rules: {} } } },
      'thing: thing_pkey',
    ],
    [
      'change a constraint',
      withColumns({}, { thing_pkey: { ...key, text: 'PRIMARY KEY (id, note)' } }),
      'thing: thing_pkey',
    ],
    [
      'constrain what was there',
      withColumns({}, { thing_note: { columns: ['note'], text: "CHECK (note <> '')" } }),
      'thing: thing_note',
    ],
    [
      'constrain what was there by what is new',
      withColumns({ more: note }, { thing_both: { columns: ['note', 'more'], text: 'CHECK (true)' } }),
      'thing: thing_both',
    ],
    ['hold a row that an older version deletes', referring('FOREIGN KEY (id) REFERENCES thing(id)'), 'third: third_id'],
    [
      'add a unique index',
      withColumns({}, { thing_notes: { columns: [], text: 'CREATE UNIQUE INDEX' } }),
      'thing: thing_notes',
    ],
    ['drop a function, or change its arguments', { ...released, functions: [] }, 'touch() returns trigger'],
    ['change a migration', { ...released, migrations: { ...released.migrations, things_1: 'x' } }, 'things_1'],
    [
      'come before one of the release',
      { ...released, migrations: { things_1: 'a', new_2: 'c', others_3: 'b' } },
      'others_2',
    ],
  ])('may not %s', (_name, today, of) => {
    expect(schemaFaults(released, today).map((fault) => fault.of)).toEqual([of]);
  });

  it('may drop what no version that runs uses, where that is agreed for this service', () => {
    const faults = schemaFaults(released, withoutColumn('note'));
    const agreed = {
      service: 'token',
      of: 'thing.note',
      change: 'is gone',
      unusedSince: '0.2.0',
      why: 'nobody read it',
    };
    expect(withoutContractions('token', faults, [agreed])).toEqual([]);
    expect(withoutContractions('authn', faults, [agreed])).toEqual(faults);
    expect(withoutContractions('token', faults, [{ ...agreed, change: 'may be null' }])).toEqual(faults);
  });
});
