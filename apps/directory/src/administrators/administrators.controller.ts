import { Controller } from '@nestjs/common';
import { createAdministrator, findAdministrator, identifierKey } from '@signet/contracts';
import { randomText, systemRandom } from '@signet/keys';
import { MeshError, Serves } from '@signet/messaging';
import { Conflict, Database } from '@signet/persistence';
import type { z } from 'zod';
import { personalMembers, viewOfAccount } from '../accounts/account-view.js';
import { subLength } from '../accounts/new-account.js';
import { DirectoryChanges, type Change } from '../changes/directory-changes.js';
import {
  administratorRole,
  findAdministrators,
  findMade,
  insertAdministrator,
  lockTenant,
} from './administrator-statements.js';

type Asked = z.output<typeof createAdministrator.request>;
type Answer = z.input<typeof createAdministrator.response>;

/** The first administrator of a tenant, who is given the role by nobody. */
@Controller()
export class AdministratorsController {
  constructor(
    private readonly database: Database,
    private readonly changes: DirectoryChanges,
  ) {}

  @Serves(findAdministrator)
  async find({ tenantId }: z.output<typeof findAdministrator.request>): Promise<{ exists: boolean }> {
    const found = await this.database.first(findAdministrators, { tenantId });
    if (!found) throw new MeshError('not_found', 'there is no such tenant');
    return found;
  }

  @Serves(createAdministrator)
  async create(asked: Asked): Promise<Answer> {
    try {
      return await this.changes.run(asked, (change) => create(change, asked));
    } catch (error) {
      // The identifier is somebody's, or was.
      if (error instanceof Conflict) return { outcome: 'username_taken' };
      throw error;
    }
  }
}

async function create({ tx, log }: Change, { tenantId, accountId, username, ...asked }: Asked): Promise<Answer> {
  const claims = { preferred_username: username, ...asked.claims };
  const locked = await tx.first(lockTenant, { tenantId });
  if (!locked) throw new MeshError('not_found', 'there is no such tenant');
  if (await tx.first(findMade, { tenantId, accountId })) return { outcome: 'created' };
  if ((await tx.first(findAdministrators, { tenantId }))?.exists === true) return { outcome: 'administered' };
  const sub = randomText(systemRandom, subLength);
  await tx.execute(insertAdministrator, {
    tenantId,
    accountId,
    sub,
    username,
    identifierKey: identifierKey(username),
    claims,
  });
  const given = { groups: [], roles: [administratorRole], organisations: [] };
  const view = viewOfAccount({ ...{ username, status: 'active', claims, attributes: {} }, ...given });
  log.created({ kind: 'account', tenantId, id: accountId }, view, personalMembers(view));
  return { outcome: 'created' };
}
