import type { DatabaseFacts } from '@signet/persistence';
import { ofDatabase } from '../per-service.js';
import { fault, ok, warning, type Verdict } from '../verdict.js';

export function judgePrivileges({
  user,
  superuser,
  owner,
  sees,
}: Pick<DatabaseFacts, 'user' | 'superuser' | 'owner' | 'sees'>): Verdict {
  if (owner === undefined) return fault('its schema is not there', 'Run `signet database prepare` as an administrator');
  if (superuser)
    return warning(
      `${user} is a superuser, who sees every schema`,
      'Give each service a role of its own: DATABASE_URL_<SERVICE>, then `signet database prepare`',
    );
  if (!owner)
    return fault(
      `${user} does not own its schema`,
      'Run `signet database prepare` as an administrator, which makes it the owner',
    );
  if (sees.length > 0)
    return warning(
      `${user} may use the schemas of ${sees.join(', ')} as well`,
      'Give each service a role of its own, and revoke what was granted by hand',
    );
  return ok(`${user} owns its schema and sees no other`);
}

export const databasePrivileges = ofDatabase({
  name: 'database.privileges',
  about: 'each service’s role owns its schema, is no superuser, and may use no other service’s schema',
  judge: judgePrivileges,
});
