import { Get, Res } from '@nestjs/common';
import { pageLocales, type Tenant } from '@signet/contracts';
import { acrValues, supportedClaims } from '@signet/claims';
import { jwks } from '@signet/keys';
import { accountScopes, discoveryDocument } from '@signet/protocol';
import { Cors, CurrentTenant, DirectoryCopies, PerTenant, Public, type HttpReply } from '@signet/service';
import { sendPublic } from '../http/replies.js';
import { jwksMaxAge } from '../keys/key-schedule.js';
import { KeySets } from '../keys/key-sets.js';
import { endpointsOf, registrationEndpointOf } from './endpoints.js';

/** Seconds. */
const maxAge = 300;

/** OpenID Connect Discovery 1.0 section 4 (appended to the issuer) and RFC 8414 section 3.1 (inserted before its path). */
@Cors()
@PerTenant(
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/t/:slug/.well-known/openid-configuration',
  '/t/:slug/.well-known/oauth-authorization-server',
)
export class DiscoveryController {
  constructor(private readonly copies: DirectoryCopies) {}

  @Get()
  @Public()
  async describe(@CurrentTenant() tenant: Tenant, @Res() reply: HttpReply): Promise<void> {
    const catalogue = await this.copies.catalogue(tenant.id);
    const scopes = (catalogue?.scopes ?? []).map(({ name }) => name);
    const claims = supportedClaims(scopes.filter((scope) => accountScopes.has(scope)));
    sendPublic(
      reply,
      discoveryDocument({
        issuer: tenant.issuer,
        endpoints: endpointsOf(tenant),
        registrationEndpoint: registrationEndpointOf(tenant),
        scopes,
        claims,
        acrValues,
        uiLocales: pageLocales,
      }),
      maxAge,
    );
  }
}

/** RFC 7517 section 5. */
@Cors()
@PerTenant('/jwks')
export class JwksController {
  constructor(private readonly keys: KeySets) {}

  @Get()
  @Public()
  async show(@CurrentTenant() tenant: Tenant, @Res() reply: HttpReply): Promise<void> {
    sendPublic(reply, jwks(await this.keys.publishedKeys(tenant.id)), jwksMaxAge);
  }
}
