import { z } from 'zod';
import { statement } from '../src/index.js';

export const thing = {
  name: 'thing',
  up: 'create table thing (name text primary key, size int not null, at timestamptz)',
};

export const insertThing = statement<{ name: string; size: number }, { name: string }>({
  name: 'owner.thing.insert',
  text: 'insert into thing (name, size) values ($1, $2) returning name',
  parameters: (p) => [p.name, p.size],
  row: z.object({ name: z.string() }),
});
export const readThings = statement<object, { name: string; size: number }>({
  name: 'owner.thing.read',
  text: 'select name, size from thing order by name',
  parameters: () => [],
  row: z.object({ name: z.string(), size: z.int() }),
});
export const wait = statement<number, unknown>({
  name: 'owner.thing.wait',
  text: `select pg_sleep($1) /* held here */`,
  parameters: (seconds) => [seconds],
  row: z.unknown(),
});
export const resize = statement<{ name: string; size: number }, { name: string }>({
  name: 'owner.thing.resize',
  text: 'update thing set size = $2 where name = $1 returning name',
  parameters: (p) => [p.name, p.size],
  row: z.object({ name: z.string() }),
});
