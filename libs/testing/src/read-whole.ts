import type pg from 'pg';
import { z } from 'zod';

const node = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Rows Removed by Filter': z.number().default(0),
  'Actual Loops': z.number(),
  Plans: z.array(z.unknown()).default([]),
});

/**
 * Tables that a statement reads from one end to the other, or of whose rows it reads more than `mostRemoved` for nothing. The tables
 * want so many rows that Postgres would rather not read them all, and to be analyzed.
 */
export async function readWhole(
  client: Pick<pg.Client, 'query'>,
  { text, values }: { readonly text: string; readonly values: readonly unknown[] },
  mostRemoved: number,
): Promise<string[]> {
  const explain = `explain (analyze, timing off, format json) ${text}`;
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: unknown }] }>(explain, [...values]);
  const walk = (plan: unknown): string[] => {
    const { 'Node Type': type, 'Relation Name': relation, Plans: plans, ...read } = node.parse(plan);
    const removed = read['Rows Removed by Filter'] * read['Actual Loops'];
    const whole = relation !== undefined && (type === 'Seq Scan' || removed > mostRemoved);
    return [...(whole ? [relation] : []), ...plans.flatMap(walk)];
  };
  return walk(rows[0]?.['QUERY PLAN'][0].Plan);
}
