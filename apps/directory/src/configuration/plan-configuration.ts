import {
  newId,
  planId,
  type DeclaredTenant,
  type PlannedChange,
  type planDirectoryConfiguration,
} from '@signet/contracts';
import type { EntityTransaction } from '@signet/persistence';
import type { z } from 'zod';
import type { Transactions } from '../changes/directory-changes.js';
import type { ApplyDependencies } from './apply-configuration.js';
import { findSectorFaults } from './faults/sector-faults.js';
import { lockConfiguration, type PlanResponse } from './plan-statements.js';
import type { Plan } from './plan.js';
import { changesBetween, readObjects, unmanagedBeside } from './planned-changes.js';

type Answer = z.output<typeof planDirectoryConfiguration.response>;
type AnsweredTenant = Answer['tenants'][number];

/** What `applyConfiguration` would change: it is changed, looked at, and rolled back. Throws as that does. */
export async function planConfiguration(asked: Omit<Plan, 'planId'>, on: ApplyDependencies): Promise<Answer> {
  const { changeDirectory } = await import('./change-directory.js');
  const plan = { ...asked, planId: newId(planId) };
  const sectors = await findSectorFaults(plan.tenants, on);
  const tenants = await undone(on.database, async (tx) => {
    await tx.execute(lockConfiguration, undefined);
    const before = new Map<string, Awaited<ReturnType<typeof readObjects>>>();
    for (const declared of plan.tenants) {
      before.set(declared.slug, await readObjects(tx, declared, plan.prune?.[declared.slug]));
    }
    const response = await changeDirectory(tx, plan, sectors, on);
    const answers: AnsweredTenant[] = [];
    for (const declared of plan.tenants) {
      answers.push(await answerOf(tx, declared, before.get(declared.slug), response));
    }
    return answers;
  });
  return { tenants: fitting(tenants) };
}

async function answerOf(
  tx: EntityTransaction,
  declared: DeclaredTenant,
  before: Awaited<ReturnType<typeof readObjects>>,
  response: PlanResponse,
): Promise<AnsweredTenant> {
  const changes = changesBetween(before, await readObjects(tx, declared));
  const made = response.tenants.find(({ slug }) => slug === declared.slug);
  const created = new Set(
    changes.flatMap(({ kind, action, name }) => (kind === 'users' && action === 'create' ? [name] : [])),
  );
  return {
    slug: declared.slug,
    ...(before && { tenantId: before.tenantId }),
    changes,
    unmanaged: before ? await unmanagedBeside(tx, before.tenantId, declared) : [],
    users: made?.users.filter(({ username }) => !created.has(username)) ?? [],
  };
}

/** Bytes of JSON, below what a message carries with all the names. */
const mostMembers = 192 * 1024;

/** Members of changes are told as long as the answer has room for them. */
function fitting(tenants: readonly AnsweredTenant[]): AnsweredTenant[] {
  let size = 0;
  const told = ({ before, after, ...change }: PlannedChange): PlannedChange => {
    size += Buffer.byteLength(JSON.stringify([before, after]));
    return size > mostMembers ? change : { ...change, ...(before && { before }), ...(after && { after }) };
  };
  return tenants.map((tenant) => ({ ...tenant, changes: tenant.changes.map(told) }));
}

/** Does `work` in a transaction of which nothing stays. */
async function undone<T>(database: Pick<Transactions, 'runWithEntities'>, work: (tx: EntityTransaction) => Promise<T>) {
  const done: T[] = [];
  const rollBack = new Error('nothing of a dry run is committed');
  await database
    .runWithEntities(async (tx) => {
      done.push(await work(tx));
      throw rollBack;
    })
    .catch((error: unknown) => {
      if (error !== rollBack) throw error;
    });
  const [result] = done;
  if (result === undefined) throw rollBack;
  return result;
}
