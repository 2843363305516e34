import { Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { Tenant } from '@signet/contracts';
import { CurrentTenant, PerTenant, Public, type HttpReply } from '@signet/service';
import { Logos } from './logos.js';

/**
 * Bytes of somebody else's under our origin: a picture and nothing but one, whatever is in it. A client's version has one
 * logo in each language for ever, so a browser may keep it.
 */
const headers = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

@PerTenant('/client-logo')
export class LogoController {
  constructor(private readonly logos: Logos) {}

  @Get(':clientId/:version')
  @Public()
  async show(
    @CurrentTenant() tenant: Tenant,
    @Param('clientId') clientId: string,
    @Param('version') version: string,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await this.#send(tenant, { clientId, version, member: 'logo_uri' }, reply);
  }

  @Get(':clientId/:version/:language')
  @Public()
  async showLocalized(
    @CurrentTenant() tenant: Tenant,
    @Param() { language, ...params }: { clientId: string; version: string; language: string },
    @Res() reply: HttpReply,
  ): Promise<void> {
    await this.#send(tenant, { ...params, member: `logo_uri#${language}` }, reply);
  }

  async #send(
    { id: tenantId }: Tenant,
    { version, ...wanted }: { clientId: string; version: string; member: string },
    reply: HttpReply,
  ): Promise<void> {
    const isVersion = /^[1-9]\d{0,8}$/.test(version);
    const picture = isVersion && (await this.logos.find({ ...wanted, tenantId, version: Number(version) }));
    if (!picture) throw new NotFoundException();
    void reply.headers(headers).type(picture.mediaType).send(picture.bytes);
  }
}
