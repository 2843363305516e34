import pg from 'pg';
import { assertSchemaName } from './connection-settings.js';
import { mapDatabaseError } from './postgres-error.js';
import { scramVerifier } from './scram-verifier.js';
import { connectionOf } from './verified-tls.js';

export interface ServiceToPrepare {
  name: string;
  /** Gives the service the role `signet_<name>` with this password. */
  password?: string;
  /** The service's own connection URL: its user and password are taken instead. */
  url?: string;
}

/**
 * Makes what migrations need: for each service a schema of its name, owned by a role of its own (LOGIN, nothing else) that nobody
 * else may use. A service without a password, or whose URL has the administrator's user, gets a schema alone. May be
 * repeated; it then sets passwords anew. Does not take away what was granted by hand.
 */
export async function prepareDatabase(options: {
  adminUrl: string;
  services: readonly ServiceToPrepare[];
}): Promise<void> {
  const client = new pg.Client({
    ...connectionOf(options.adminUrl),
    connectionTimeoutMillis: 5_000,
    application_name: 'signet-prepare',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', ['signet database prepare']);
    const { rows } = await client.query<{ name: string; super: boolean; database: string }>(
      'select rolname as name, rolsuper as super, current_database() as database from pg_roles where rolname = current_user',
    );
    const admin = rows[0];
    if (!admin) throw new TypeError('The administrator has no role.');
    await client.query('revoke all on schema public from public');
    for (const service of options.services) {
      assertSchemaName(service.name);
      const role = roleOf(service);
      if (role && role.name !== admin.name) {
        await makeRole(client, role.name, role.password);
        await client.query(
          `grant connect on database ${pg.escapeIdentifier(admin.database)} to ${pg.escapeIdentifier(role.name)}`,
        );
        // Only a member may make a role the owner of something; a superuser is one of every role.
        if (!admin.super)
          await client.query(`grant ${pg.escapeIdentifier(role.name)} to ${pg.escapeIdentifier(admin.name)}`);
      }
      await makeSchema(client, service.name, role?.name ?? admin.name);
    }
  } catch (error) {
    throw mapDatabaseError(error, options.adminUrl);
  } finally {
    await client.end();
  }
}

function roleOf(service: ServiceToPrepare): { name: string; password: string | undefined } | undefined {
  if (service.url !== undefined) {
    const url = new URL(service.url);
    const name = decodeURIComponent(url.username);
    if (name !== '')
      return { name, password: url.password === '' ? service.password : decodeURIComponent(url.password) };
  }
  return service.password === undefined ? undefined : { name: `signet_${service.name}`, password: service.password };
}

async function makeRole(client: pg.Client, name: string, password: string | undefined): Promise<void> {
  const { rows } = await client.query<{ super: boolean }>('select rolsuper as super from pg_roles where rolname = $1', [
    name,
  ]);
  if (rows[0]?.super) throw new TypeError(`The role ${name} is a superuser: a service may not be one.`);
  // A verifier rather than the password itself, which the server's log could quote.
  const secret = password === undefined ? '' : ` password ${pg.escapeLiteral(scramVerifier(password))}`;
  const quoted = pg.escapeIdentifier(name);
  // Roles belong to the cluster: preparing another of its databases may touch this one at the same moment.
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(
        rows.length === 0 && attempt === 1
          ? `create role ${quoted} login${secret}`
          : `alter role ${quoted} login${secret}`,
      );
      return;
    } catch (error) {
      const code = (error as { code?: string }).code;
      const concurrent = code === '42710' || code === '23505' || code === 'XX000';
      if (!concurrent || attempt === 10) throw error;
    }
  }
}

async function makeSchema(client: pg.Client, name: string, owner: string): Promise<void> {
  const quoted = pg.escapeIdentifier(owner);
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1',
    [name],
  );
  if (rows.length === 0) await client.query(`create schema ${name} authorization ${quoted}`);
  else if (rows[0]?.owner !== owner) await client.query(`alter schema ${name} owner to ${quoted}`);
  await client.query(`revoke all on schema ${name} from public`);
}
