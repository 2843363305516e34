import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { describeOperations, managementOperations, managementPath, type Description } from '@signet/contracts';
import { renderReference, sendPage } from '@signet/pages';
import { Public, RateLimitGuard, ServiceConfiguration, type HttpReply, type HttpRequest } from '@signet/service';
import { referenceView } from './reference-view.js';

/** Seconds: it changes with the release. */
const maxAge = 300;

/** What the Management API can do: for programs, and for people. */
@Controller(managementPath)
@UseGuards(RateLimitGuard)
export class DescriptionController {
  #made: { readonly description: Description; readonly text: string } | undefined;

  constructor(private readonly configuration: ServiceConfiguration) {}

  @Get('openapi.json')
  @Public()
  describe(@Res() reply: HttpReply): void {
    void reply
      .header('Cache-Control', `public, max-age=${maxAge}`)
      .type('application/json; charset=utf-8')
      .send(this.#described().text);
  }

  @Get()
  @Public()
  show(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    const { issuer } = this.configuration;
    const view = referenceView(this.#described().description, new URL(issuer).origin);
    sendPage({ request, reply, tenant: { name: 'Signet', branding: {} } }, issuer, 200, (context) =>
      renderReference(view, context),
    );
  }

  /** Made when it is first asked for: a start has no use for it. */
  #described(): { readonly description: Description; readonly text: string } {
    if (!this.#made) {
      const description = describeOperations(managementOperations);
      this.#made = { description, text: JSON.stringify(description) };
    }
    return this.#made;
  }
}
