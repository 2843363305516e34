import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Get, HttpCode, Module, Post, Req } from '@nestjs/common';
import { findTenant, raiseFloors, type Floor, type Tenant } from '@signet/contracts';
import { callContext, MeshError, Requester, Serves } from '@signet/messaging';
import { Database, ignoredRow, statement } from '@signet/persistence';
import {
  Cors,
  CurrentTenant,
  defineService,
  jsonBody,
  networkOfRequest,
  PerTenant,
  Public,
  rawForm,
  type HttpRequest,
} from '@signet/service';
import type { z } from 'zod';
import { aTenant } from '../src/index.js';

const ask = statement<undefined, unknown>({
  name: 'authn.probe.ask',
  text: 'select 1',
  parameters: () => [],
  row: ignoredRow,
});

/** What the directory knows; a spec may change it. */
export const directoryState = {
  tenants: [
    aTenant({ slug: 'default', issuer: 'http://localhost' }),
    aTenant({ slug: 'acme', issuer: 'http://localhost/t/acme' }),
    aTenant({ slug: 'closed', issuer: 'http://localhost/t/closed', enabled: false }),
  ],
};

export const authnState = { slow: 0 };

export const tokenState = { away: false, raised: [] as Floor[] };

/** Answers HTTP in authn's place, whose paths it has because the routing table knows no others. */
@PerTenant('/authorize')
class Endpoints {
  constructor(
    private readonly database: Database,
    private readonly requester: Requester,
  ) {}

  @Public()
  @Cors()
  @Get()
  tenant(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest): object {
    return { tenant: tenant.slug, inside: callContext.getStore()?.traceparent, ...networkOfRequest(request) };
  }

  @Public()
  @Post('form')
  @HttpCode(200)
  async form(@Req() request: HttpRequest): Promise<object> {
    await pause(0);
    return { form: rawForm(request) ?? null, inside: callContext.getStore()?.traceparent };
  }

  @Public()
  @Post('json')
  @HttpCode(200)
  json(@Req() request: HttpRequest): object {
    return { json: jsonBody(request) };
  }

  @Public()
  @Get('database')
  async askDatabase(): Promise<object> {
    return { rows: (await this.database.execute(ask, undefined)).length };
  }

  @Public()
  @Get('directory')
  async askDirectory(): Promise<object> {
    return { found: (await this.requester.request(findTenant, { slug: 'acme' })).slug };
  }

  @Public()
  @Get('slow')
  async slow(): Promise<object> {
    authnState.slow++;
    await pause(200);
    return { found: (await this.requester.request(findTenant, { slug: 'acme' })).slug };
  }

  @Public()
  @Get('stuck')
  async stuck(): Promise<object> {
    await pause(8_000, undefined, { ref: false });
    return {};
  }

  @Public()
  @Get('bug')
  bug(): object {
    throw new Error('swordfish');
  }
}

@Controller()
class Directory {
  @Serves(findTenant)
  find(asked: z.output<typeof findTenant.request>): Tenant {
    const found = directoryState.tenants.find((tenant) =>
      'slug' in asked ? tenant.slug === asked.slug : tenant.id === asked.tenantId,
    );
    if (!found) throw new MeshError('not_found', 'no such tenant');
    return found;
  }
}

@Controller()
class Token {
  @Serves(raiseFloors)
  raise({ floors }: z.output<typeof raiseFloors.request>): { raised: number } {
    if (tokenState.away) throw new MeshError('unavailable', 'away');
    tokenState.raised.push(...floors);
    return { raised: floors.length };
  }
}

@Module({ controllers: [Endpoints] })
class AuthnProbe {}

@Module({ controllers: [Token] })
class TokenProbe {}

@Module({ controllers: [Directory] })
class DirectoryProbe {}

export const authnProbe = defineService({ name: 'authn', module: AuthnProbe, migrations: [], keyring: [] });
export const tokenProbe = defineService({ name: 'token', module: TokenProbe, migrations: [], keyring: [] });
export const directoryProbe = defineService({ name: 'directory', module: DirectoryProbe, migrations: [], keyring: [] });
