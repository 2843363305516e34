import { readId } from '@signet/contracts';
import type { Bind, Condition, Table } from '../filter/compile-filter.js';
import { readTimeOf, textOf, timeOperators, upTo } from '../filter/compared-values.js';
import type { Comparison } from '../filter/parse-filter.js';

const indexed = (sql: string): Condition => ({ sql, indexed: true });

/** What can be asked of groups. $1 is the tenant. */
export const groupTable: Table = {
  name: '"group"',
  rows: '"group".tenant_id = $1 and "group".organisation_id is null',
  comparison: ({ target, operator, value }, bind) => {
    const path = target.sub ? `${target.attribute.name}.${target.sub.name}` : target.attribute.name;
    const text = textOf(value);
    if (path === 'displayName') return text === undefined ? undefined : byName(operator, text.toLowerCase(), bind);
    if (path === 'meta.lastModified') return byTime(operator, value, bind);
    if (operator !== 'eq' || text === undefined) return undefined;
    switch (path) {
      case 'id':
        return indexed(`"group".id = ${bind(readId('grp', text) ?? null)}::uuid`);
      case 'externalId':
        return indexed(`"group".external_id = ${bind(text)}`);
      case 'members':
      case 'members.value':
        return byMember(text, bind);
      default:
        return undefined;
    }
  },
  value: ({ target, filter }, bind) =>
    target.attribute.name === 'members' && filter.kind === 'comparison'
      ? groupTable.comparison(filter, bind)
      : undefined,
};

function byName(operator: Comparison['operator'], name: string, bind: Bind): Condition | undefined {
  if (operator === 'eq') return indexed(`lower("group".display_name) = ${bind(name)}`);
  if (operator !== 'sw' || name === '') return undefined;
  return indexed(
    `lower("group".display_name) ~>=~ ${bind(name)} and lower("group".display_name) ~<~ ${bind(upTo(name))}`,
  );
}

function byTime(operator: Comparison['operator'], value: unknown, bind: Bind): Condition | undefined {
  const sign = timeOperators[operator];
  const time = readTimeOf(value);
  return sign && time ? indexed(`"group".updated_at ${sign} ${bind(time)}::timestamptz`) : undefined;
}

/** The prefix of an id tells what it is of. */
function byMember(id: string, bind: Bind): Condition {
  const [table, parent, child, place] = id.startsWith('grp_')
    ? ['group_group', 'parent_id', 'child_id', bind(readId('grp', id) ?? null)]
    : ['membership', 'group_id', 'account_id', bind(readId('acc', id) ?? null)];
  return indexed(`"group".id in (select ${parent} from ${table} where tenant_id = $1 and ${child} = ${place}::uuid)`);
}
