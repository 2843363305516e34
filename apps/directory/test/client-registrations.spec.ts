import { describe, expect, it } from '@jest/globals';
import { newId, tenantId } from '@signet/contracts';
import { migrate } from '@signet/persistence';
import { suiteDatabase } from '@signet/testing';
import { directoryService } from '../src/index.js';

const { migrations } = directoryService;
const at = migrations.findIndex(({ name }) => name === 'client-registrations');

describe('the migration client-registrations', () => {
  it('vouches for what was declared, and not for what had registered itself, one way or the other', async () => {
    const database = await suiteDatabase({
      services: { directory: migrations.slice(0, at) },
      unrecorded: { 'directory.client': 'any' },
    });
    try {
      const tenant = newId(tenantId);
      const client = (
        id: string,
      ) => `('${tenant}', '${id}', true, '${id}', '{}', '{}', '{}', '{}', 'none', true, '{}', 'ES256',
        'explicit', 'oidc', false, '{}', 1)`;
      await database.query(`set local session_replication_role = replica;
        insert into directory.tenant (id, slug, issuer, name, enabled, policies, branding, version)
          values ('${tenant}', 'acme', 'https://id.acme.example', 'Acme', true, '{}', '{}', 1);
        insert into directory.client (tenant_id, client_id, enabled, name, redirect_uris, post_logout_redirect_uris, grant_types,
          response_types, token_endpoint_auth_method, require_pkce, scopes, id_token_signed_response_alg, consent, profile,
          require_auth_time, introspects, version) values ${client('declared')}, ${client('itself')};
        insert into directory.client_registration (tenant_id, client_id, token_hash)
          values ('${tenant}', 'itself', sha256('token'))`);
      const up = migrations.slice(0, at + 1);
      await migrate({ url: database.serviceUrl('directory'), service: 'directory', migrations: up });
      expect(await database.query('select client_id, registration from directory.client order by 1')).toEqual([
        { client_id: 'declared', registration: 'operator' },
        { client_id: 'itself', registration: null },
      ]);
    } finally {
      await database.drop();
    }
  });
});
