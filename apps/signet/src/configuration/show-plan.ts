import { showId } from '@signet/contracts';
import type { ShownChange, ShownDrift, ShownMember, ShownPlan } from './plan.js';

const signs = { create: '+', update: '~', delete: '-' } as const;
const colours = { create: '32', update: '33', delete: '31', note: '36' } as const;

const kinds: Readonly<Record<string, string>> = {
  tenants: 'tenant',
  resource_servers: 'resource server',
  scopes: 'scope',
  roles: 'role',
  organisations: 'organisation',
  groups: 'group',
  clients: 'client',
  users: 'user',
  keys: 'keys:',
};

type Paint = (colour: keyof typeof colours, text: string) => string;

/** The plan as a person reads it, a line each. */
export function linesOf(plan: ShownPlan, { colour }: { readonly colour: boolean }): string[] {
  const paint: Paint = (name, text) => (colour ? `\u001b[${colours[name]}m${text}\u001b[0m` : text);
  const tenants = [...new Set([...plan.changes, ...plan.unmanaged].map(({ tenant }) => tenant))];
  return [
    ...tenants.flatMap((tenant) => [
      `tenant ${printable(tenant)}`,
      ...plan.changes.filter((change) => change.tenant === tenant).flatMap((change) => changeLines(change, paint)),
      ...unmanagedLines(plan, tenant).map((line) => `  ${paint('note', line)}`),
      '',
    ]),
    summaryOf(plan),
  ];
}

export function summaryOf({ changes }: ShownPlan): string {
  if (changes.length === 0) return 'Nothing would change.';
  const count = (action: ShownChange['action']) => changes.filter((change) => change.action === action).length;
  const drifted = changes.filter(({ drift }) => drift !== undefined).length;
  const all = `${count('create')} to create, ${count('update')} to change, ${count('delete')} to delete.`;
  return drifted === 0 ? all : `${all} Of these, ${drifted} had been changed since they were last applied.`;
}

function changeLines({ kind, name, action, members, drift }: ShownChange, paint: Paint): string[] {
  return [
    paint(action, `  ${signs[action]} ${kinds[kind] ?? kind} ${printable(name)}`),
    ...members.map((member) => `      ${memberText(member, action, paint)}`),
    ...(drift ? [`      ${paint('note', driftText(drift))}`] : []),
  ];
}

function memberText(
  { member, before, after, secret }: ShownMember,
  action: ShownChange['action'],
  paint: Paint,
): string {
  const name = printable(member);
  if (secret) return `${name}: ${action === 'create' ? '(new)' : '(changed)'}`;
  if (action === 'create') return `${name}: ${paint('create', text(after))}`;
  if (isTexts(before) && isTexts(after)) {
    const gone = before.filter((each) => !after.includes(each)).map((each) => paint('delete', `- ${text(each)}`));
    const added = after.filter((each) => !before.includes(each)).map((each) => paint('create', `+ ${text(each)}`));
    if (gone.length + added.length > 0) return `${name}: ${[...gone, ...added].join('  ')}`;
  }
  return `${name}: ${paint('delete', text(before))} → ${paint('create', text(after))}`;
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const text = (value: unknown): string => (value === undefined ? 'none' : printable(JSON.stringify(value)));

/** Whoever named an object cannot move the cursor of a terminal, nor turn its text around. */
const printable = (shown: string): string =>
  shown.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

const driftText = ({ changedAt, by, plan, appliedAt }: ShownDrift): string =>
  `was changed at ${changedAt} by ${by === undefined ? 'somebody' : printable(by)}, after ${showId('pln', plan)} of ${appliedAt}`;

function unmanagedLines({ unmanaged }: ShownPlan, tenant: string): string[] {
  const of = unmanaged.filter((each) => each.tenant === tenant);
  const counted = of.flatMap(({ kind, count, declaredBefore }) =>
    count === 0
      ? []
      : [`${count} ${kind.replace('_', ' ')}${declaredBefore > 0 ? ` (${declaredBefore} once declared)` : ''}`],
  );
  const themselves = of.reduce((sum, { registeredThemselves }) => sum + registeredThemselves, 0);
  return [
    ...(counted.length > 0 ? [`not in the file: ${counted.join(', ')}`] : []),
    ...(themselves > 0 ? [`clients that registered themselves: ${themselves}`] : []),
  ];
}
