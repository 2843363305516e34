import { identifierKey, readId } from '@signet/contracts';
import { readValue } from '../schema/read-value.js';
import type { Bind, Condition, Table } from '../filter/compile-filter.js';
import { readTimeOf, textOf, timeOperators, upTo } from '../filter/compared-values.js';
import type { Comparison, Filter, ValueFilter } from '../filter/parse-filter.js';

/** SQL: the addresses of an account, each with its tenant before it; the expression of the index account_email_keys. */
const emailKeys = 'account_email_keys(account.tenant_id, account.claims, account.attributes)';
const emailKey = (place: string) => `$1::uuid::text || ' ' || ${place}::text`;

const indexed = (sql: string): Condition => ({ sql, indexed: true });
/** What narrows what an index has found. */
const beside = (sql: string): Condition => ({ sql, indexed: false });

/** What can be asked of accounts. $1 is the tenant. */
export const userTable: Table = {
  name: 'account',
  rows: 'account.tenant_id = $1 and account.deleted_at is null',
  comparison: ({ target, operator, value }, bind) => {
    const path = target.sub ? `${target.attribute.name}.${target.sub.name}` : target.attribute.name;
    const text = textOf(value);
    switch (path) {
      case 'id':
        return operator === 'eq' ? indexed(`account.id = ${bind(readId('acc', text ?? '') ?? null)}::uuid`) : undefined;
      case 'externalId':
        return operator === 'eq' && text !== undefined ? indexed(`account.external_id = ${bind(text)}`) : undefined;
      case 'userName':
        return text === undefined ? undefined : byUserName(operator, identifierKey(text), bind);
      case 'emails':
      case 'emails.value':
        return operator === 'eq' && text !== undefined ? byEmail(bind(text.toLowerCase())) : undefined;
      case 'meta.lastModified':
        return byTime(operator, value, bind);
      case 'active':
        return byStatus(target.attribute, operator, value, bind);
      case 'manager':
      case 'manager.value':
        return operator === 'eq' && text !== undefined
          ? beside(`account.attributes ->> 'manager' = ${bind(text)}`)
          : undefined;
      default:
        return undefined;
    }
  },
  value: valueCondition,
};

function byUserName(operator: Comparison['operator'], key: string, bind: Bind): Condition | undefined {
  const found = (sql: string) =>
    `select account_id from account_identifier where tenant_id = $1 and kind = 'username' and ${sql}`;
  if (operator === 'eq') return indexed(`account.id = (${found(`identifier_key = ${bind(key)}`)})`);
  if (operator !== 'sw' || key === '') return undefined;
  const range = `identifier_key ~>=~ ${bind(key)} and identifier_key ~<~ ${bind(upTo(key))}`;
  return indexed(`account.id in (${found(range)})`);
}

const byEmail = (place: string): Condition => indexed(`${emailKeys} @> array[${emailKey(place)}]`);

function byTime(operator: Comparison['operator'], value: unknown, bind: Bind): Condition | undefined {
  const sign = timeOperators[operator];
  const time = readTimeOf(value);
  return sign && time ? indexed(`account.updated_at ${sign} ${bind(time)}::timestamptz`) : undefined;
}

function byStatus(
  of: Comparison['target']['attribute'],
  operator: Comparison['operator'],
  value: unknown,
  bind: Bind,
): Condition | undefined {
  if (operator !== 'eq' || (typeof value !== 'boolean' && typeof value !== 'string')) return undefined;
  return indexed(`account.status = ${bind(readValue(of, value) === true ? 'active' : 'disabled')}`);
}

/** `emails[type eq "work" and value eq "x"]`: the address by its index, then of which type it is. */
function valueCondition({ target, filter }: ValueFilter, bind: Bind): Condition | undefined {
  if (target.attribute.name !== 'emails') return undefined;
  const said = new Map<string, string>();
  for (const part of filter.kind === 'and' ? filter.filters : [filter]) {
    const [name, value] = equality(part);
    if (name === undefined || value === undefined || said.has(name)) return undefined;
    said.set(name, value.toLowerCase());
  }
  const value = said.get('value');
  if (value === undefined || said.size > 2 || (said.size === 2 && !said.has('type'))) return undefined;
  const place = bind(value);
  const address = byEmail(place);
  const kind = said.get('type');
  if (kind === undefined) return address;
  const ofKind = `exists (select from jsonb_array_elements(account.attributes -> 'emails') email
    where lower(email ->> 'value') = ${place} and lower(email ->> 'type') = ${bind(kind)})`;
  return indexed(`(${address.sql} and ${ofKind})`);
}

function equality(filter: Filter): [name: string | undefined, value: string | undefined] {
  if (filter.kind !== 'comparison' || filter.operator !== 'eq') return [undefined, undefined];
  return [filter.target.sub?.name, textOf(filter.value)];
}
