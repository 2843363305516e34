import { Delete, Get, NotFoundException, Param, Post, Put, Req, Res } from '@nestjs/common';
import {
  clean,
  registrationRefused,
  registrationRefusalsSummarised,
  type EventContext,
  type Tenant,
} from '@signet/contracts';
import { presentedAccessToken, type OAuthError, type Result } from '@signet/protocol';
import {
  CurrentTenant,
  FailureLog,
  jsonBody,
  networkOfRequest,
  noStore,
  PerTenant,
  Public,
  sendOAuthError,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { policyOf, Registrar, type Asking, type Registered } from './registrar.js';
import { registrationResponse } from './registration-response.js';

/** RFC 7591 and RFC 7592: `/register`, `/register/<client_id>`, and both below `/register/t/<slug>`. */
@PerTenant('/register')
export class RegistrationController {
  constructor(
    private readonly registrar: Registrar,
    private readonly failures: FailureLog,
  ) {}

  @Post()
  @Public()
  async register(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    if (policyOf(tenant).mode === 'closed') throw new NotFoundException();
    await this.#answer(tenant, request, reply, 201, (asking) => this.registrar.register(asking, jsonBody(request)));
  }

  @Get(':clientId')
  @Public()
  async show(
    @CurrentTenant() tenant: Tenant,
    @Param('clientId') clientId: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    await this.#answer(tenant, request, reply, 200, (asking) => this.registrar.show(asking, clientId), clientId);
  }

  @Put(':clientId')
  @Public()
  async update(
    @CurrentTenant() tenant: Tenant,
    @Param('clientId') clientId: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const update = (asking: Asking) => this.registrar.update(asking, clientId, jsonBody(request));
    await this.#answer(tenant, request, reply, 200, update, clientId);
  }

  @Delete(':clientId')
  @Public()
  async remove(
    @CurrentTenant() tenant: Tenant,
    @Param('clientId') clientId: string,
    @Req() request: HttpRequest,
    @Res() reply: HttpReply,
  ): Promise<void> {
    const asking = askingOf(tenant, request);
    const refused = asking.ok ? await this.registrar.remove(asking.value, clientId) : asking.error;
    if (refused) {
      await this.#refuse(tenant, request, reply, refused, clientId);
      return;
    }
    noStore(reply);
    void reply.status(204).send();
  }

  async #answer(
    tenant: Tenant,
    request: HttpRequest,
    reply: HttpReply,
    status: number,
    ask: (asking: Asking) => Promise<Result<Registered>>,
    clientId?: string,
  ): Promise<void> {
    const asking = askingOf(tenant, request);
    const answer = asking.ok ? await ask(asking.value) : asking;
    if (!answer.ok) {
      await this.#refuse(tenant, request, reply, answer.error, clientId);
      return;
    }
    noStore(reply);
    void reply
      .status(status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(registrationResponse(tenant, answer.value)));
  }

  async #refuse(
    tenant: Tenant,
    request: HttpRequest,
    reply: HttpReply,
    error: OAuthError,
    clientId: string | undefined,
  ): Promise<void> {
    await this.failures.record(registrationRefused, registrationRefusalsSummarised, {
      ...{ tenantId: tenant.id, context: contextOf(request), reason: error.error },
      data: clientId === undefined ? {} : { clientId: clean(clientId, 255) },
    });
    sendOAuthError(reply, error);
  }
}

const contextOf = (request: HttpRequest): EventContext => ({
  actor: 'anonymous',
  network: networkOfRequest(request),
});

/** No token is no fault yet: an open registration needs none. */
function askingOf(tenant: Tenant, request: HttpRequest): Result<Asking> {
  const { authorization } = request.headers;
  const asking = { tenant, context: contextOf(request) };
  if (authorization === undefined) return { ok: true, value: { ...asking, bearer: undefined } };
  const presented = presentedAccessToken({ authorization });
  if (!presented.ok) return presented;
  const { scheme, token } = presented.value;
  // RFC 7591 section 3 and RFC 7592 section 2: these are bearer tokens, bound to no key.
  return { ok: true, value: { ...asking, bearer: scheme === 'Bearer' ? token : undefined } };
}
