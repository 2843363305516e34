import { Get, NotFoundException, Param, Res } from '@nestjs/common';
import { clientId, type Tenant } from '@signet/contracts';
import { localizedName } from '@signet/protocol';
import { CurrentTenant, PerTenant, Public, type HttpReply } from '@signet/service';
import { z } from 'zod';
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

const named = z
  .object({
    clientId,
    version: z
      .string()
      .regex(/^[1-9]\d{0,8}$/)
      .transform(Number),
    language: z.string().max(64).optional(),
  })
  .transform(({ language, ...logo }) => ({
    ...logo,
    member: language === undefined ? 'logo_uri' : `logo_uri#${language}`,
  }))
  .refine(({ member }) => member === 'logo_uri' || localizedName.test(member));

@PerTenant('/client-logo')
export class LogoController {
  constructor(private readonly logos: Logos) {}

  @Get([':clientId/:version', ':clientId/:version/:language'])
  @Public()
  async show(
    @CurrentTenant() { id: tenantId }: Tenant,
    @Param() params: unknown,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const wanted = named.safeParse(params);
    const picture = wanted.success && (await this.logos.find({ ...wanted.data, tenantId }));
    if (!picture) throw new NotFoundException();
    void reply.headers(headers).type(picture.mediaType).send(picture.bytes);
  }
}
