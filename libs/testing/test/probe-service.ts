import { setTimeout as pause } from 'node:timers/promises';
import { Body, Controller, Get, Module, Post, Req } from '@nestjs/common';
import { findTenant, rereadEntries, type Tenant } from '@signet/contracts';
import { callContext, MeshError, Requester, Serves } from '@signet/messaging';
import { Database, ignoredRow, statement } from '@signet/persistence';
import { CurrentTenant, defineService, Hasher, jsonBody, PerTenant, Public, rawForm, type HttpRequest } from '@signet/service';
import { z } from 'zod';
import { aTenant } from '../src/index.js';

const ask = statement<undefined, unknown>({
  name: 'audit.probe.ask',
  text: 'select 1',
  parameters: () => [],
  row: ignoredRow,
});

export const acme = aTenant({ slug: 'acme', issuer: 'http://localhost/t/acme' });
export const unlisted = aTenant({ slug: 'closed', enabled: false });
const home = aTenant({ slug: 'default', issuer: 'http://localhost' });

/** Stands in for authn: answers HTTP. Its paths are those of authn, since the routing table knows no others. */
@PerTenant('/authorize')
class Endpoints {
  constructor(
    private readonly database: Database,
    private readonly requester: Requester,
  ) {}

  @Public()
  @Get()
  tenant(@CurrentTenant() tenant: Tenant): object {
    return { tenant: tenant.slug, traceparent: callContext.getStore()?.traceparent };
  }

  @Public()
  @Post()
  body(@Req() request: HttpRequest): object {
    return { form: rawForm(request) ?? null };
  }

  @Public()
  @Get('database')
  async useDatabase(): Promise<object> {
    return { rows: (await this.database.execute(ask, undefined)).length };
  }

  @Public()
  @Get('directory')
  async useDirectory(): Promise<object> {
    return { found: (await this.requester.request(findTenant, { slug: 'acme' })).slug };
  }

  @Public()
  @Get('slow')
  async slow(): Promise<object> {
    await pause(200);
    return { rows: (await this.database.execute(ask, undefined)).length };
  }
}
