import { Get, Post, Req, Res } from '@nestjs/common';
import {
  findDevice,
  userCodeRefusalsSummarised,
  userCodeRefused,
  type FoundDevice,
  type Tenant,
} from '@signet/contracts';
import { digests } from '@signet/keys';
import {
  BODY_LIMIT,
  formatUserCode,
  invalidRequest,
  parseParameters,
  parseUserCode,
  userCodeHash,
} from '@signet/protocol';
import {
  CurrentTenant,
  FailureLog,
  PerTenant,
  Public,
  rawForm,
  rawQuery,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { GuessLimits } from '../guessing/guess-limits.js';
import { Browser } from '../interaction/browser.js';
import { Clients } from '../interaction/clients.js';
import { contextOf, type Exchange } from '../interaction/exchange.js';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import type { DeviceRequest } from '../interaction/interaction-request.js';
import { mayStillAsk } from '../interaction/may-still-ask.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';
import { DeviceFlow } from './device-flow.js';
import { isOwnForm, showDevice } from './device-page.js';

/** RFC 8628 section 3.3: the page where a person enters the code that their device shows. */
@PerTenant('/device')
export class DeviceController {
  constructor(
    private readonly deps: InteractionDeps,
    private readonly guesses: GuessLimits,
    private readonly failures: FailureLog,
  ) {}

  /** Section 3.3.1: a link may bring the code, and decides nothing. */
  @Get()
  @Public()
  show(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): void {
    const at = this.at({ request, reply, tenant });
    const query = parseParameters(rawQuery(request));
    const code = parseUserCode(query.parameters.get('user_code') ?? '');
    showDevice(at, code === undefined ? {} : { userCode: formatUserCode(code) });
  }

  @Post()
  @Public()
  async enter(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const at = this.at({ request, reply, tenant });
    const { exchange, browser } = at;
    const form = parseParameters(rawForm(request) ?? '', BODY_LIMIT);
    const own = isOwnForm(browser, form.parameters.get('interaction'), this.deps.clock.now());
    if (own === 'foreign') {
      const error = invalidRequest('This form does not belong to this browser', { detail: 'device form not opened' });
      sendOAuthErrorPage(exchange, this.deps.issuer, 'expired', error);
      return;
    }
    const typed = form.parameters.get('user_code') ?? '';
    const userCode = typed.slice(0, 32);
    if (own === 'expired') {
      showDevice(at, { userCode, problem: 'expired' });
      return;
    }
    const taken = await this.takeGuess(at);
    if (!taken.allowed) {
      await this.refuse(exchange, 'too_many_attempts');
      showDevice(at, { userCode, problem: 'too-many-attempts', retryAfterSeconds: taken.retryAfter });
      return;
    }
    // One answer for what no code can be, an unknown one, one that is over, and one of a client that may not ask.
    const flow = await this.flowOf(at, typed);
    if (flow === undefined) {
      await this.refuse(exchange, 'unknown_code');
      showDevice(at, { userCode, problem: 'unknown-code' });
    } else await flow.proceed();
  }

  private async refuse(exchange: Exchange, reason: string): Promise<void> {
    await this.failures.record(userCodeRefused, userCodeRefusalsSummarised, {
      ...{ tenantId: exchange.tenant.id, context: contextOf(exchange), data: {}, reason },
    });
  }

  private at(exchange: Exchange) {
    return { deps: this.deps, exchange, browser: new Browser(exchange, this.deps.keyring, this.deps.issuer) };
  }

  private async takeGuess({ exchange, browser }: ReturnType<DeviceController['at']>) {
    const network = contextOf(exchange).network ?? { ip: '', userAgent: '' };
    const buckets = this.guesses.userCodeBuckets({ session: browser.session?.sessionId, network });
    return await this.guesses.take(exchange.tenant.id, buckets);
  }

  private async flowOf(
    { exchange, browser }: ReturnType<DeviceController['at']>,
    typed: string,
  ): Promise<DeviceFlow | undefined> {
    const { deps } = this;
    const tenantId = exchange.tenant.id;
    const code = parseUserCode(typed);
    if (code === undefined) return undefined;
    const hash = userCodeHash(code, tenantId, digests);
    const { device } = await deps.requester.request(findDevice, { tenantId, userCodeHash: hash });
    if (device === null) return undefined;
    const registered = await new Clients(deps.copies, tenantId).find(device.clientId);
    const entered = { tenantId, userCode: formatUserCode(code), userCodeHash: hash };
    const request = { ...deviceRequest(device, entered), receivedAt: deps.clock.latest() };
    if (registered === undefined || !mayStillAsk(registered, request)) return undefined;
    return new DeviceFlow(deps, exchange, browser, request, registered.client);
  }
}

/** What the device asked for, as the steps of an interaction read it. */
function deviceRequest(
  { clientId, scopes, resources, deviceCodeId }: FoundDevice,
  entered: { readonly tenantId: string; readonly userCode: string; readonly userCodeHash: string },
): Omit<DeviceRequest, 'receivedAt'> {
  const { tenantId, ...code } = entered;
  return {
    tenantId,
    clientId,
    scopes,
    resources,
    prompt: [],
    acrValues: [],
    claims: { userinfo: [], idToken: [] },
    uiLocales: [],
    device: { deviceCodeId, ...code },
  };
}
