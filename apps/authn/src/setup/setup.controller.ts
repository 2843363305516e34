import { Get, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { parseSetupCode, setupRefused, setupRefusalsSummarised, type Tenant } from '@signet/contracts';
import { sha256Text } from '@signet/keys';
import { MeshError } from '@signet/messaging';
import { renderSetupDone, sendPage } from '@signet/pages';
import { BODY_LIMIT, invalidRequest, parseParameters, type RequestParameters } from '@signet/protocol';
import {
  CurrentTenant,
  FailureLog,
  PerTenant,
  Public,
  rawForm,
  type HttpReply,
  type HttpRequest,
} from '@signet/service';
import { GuessLimits } from '../guessing/guess-limits.js';
import { Browser } from '../interaction/browser.js';
import { contextOf, type Exchange } from '../interaction/exchange.js';
import { InteractionDeps } from '../interaction/interaction-deps.js';
import { sendOAuthErrorPage } from '../interaction/pages.js';
import { FirstAdministrator, type Made } from './first-administrator.js';
import { openSetupForm, readPerson, typedOf } from './setup-form.js';
import { showSetup, type SetupAt } from './setup-page.js';
import type { FoundSetup } from './store/setup-statements.js';

/**
 * The page where whoever has the set-up code says who the first administrator is. It is there while a code is, and nobody has the role; for
 * everybody else there is nothing here.
 */
@PerTenant('/setup')
export class SetupController {
  constructor(
    private readonly deps: InteractionDeps,
    private readonly first: FirstAdministrator,
    private readonly guesses: GuessLimits,
    private readonly failures: FailureLog,
  ) {}

  @Get()
  @Public()
  async show(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.mustBeOpen(tenant, await this.first.find(tenant.id));
    showSetup(this.at({ request, reply, tenant }), undefined);
  }

  @Post()
  @Public()
  async complete(@CurrentTenant() tenant: Tenant, @Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const at = this.at({ request, reply, tenant });
    const form = parseParameters(rawForm(request) ?? '', BODY_LIMIT).parameters;
    const own = openSetupForm(at.browser, form, this.deps.clock.now());
    if (!own) {
      const error = invalidRequest('This form does not belong to this browser', { detail: 'set-up form not opened' });
      sendOAuthErrorPage(at.exchange, this.deps.issuer, 'expired', error);
      return;
    }
    const given = own.codeHash === undefined ? await this.readCode(at, form) : { hash: own.codeHash };
    if (!given) return;
    const { hash } = given;
    const setup = await this.first.find(tenant.id, hash);
    if (hash === undefined || setup?.matches !== true) {
      await this.mustBeOpen(tenant, setup);
      await this.refuse(at);
      showSetup(at, undefined, { ...typedOf(form), problem: 'unknown-code' });
    } else if (own.expired) showSetup(at, hash, { ...typedOf(form), problem: 'expired' });
    else await this.make(at, form, { tenantId: tenant.id, id: setup.id, hash }, setup.state);
  }

  /** By somebody who knows the code. */
  private async make(
    at: SetupAt,
    form: RequestParameters,
    setup: Parameters<FirstAdministrator['make']>[0],
    state: FoundSetup['state'],
  ): Promise<void> {
    if (state !== 'open') {
      this.spent(at, state);
      return;
    }
    const person = readPerson(form);
    if (typeof person === 'string') {
      showSetup(at, setup.hash, { ...typedOf(form), problem: person });
      return;
    }
    const made = await this.first.make(setup, person, contextOf(at.exchange).network);
    await this.answer(at, form, setup, made);
  }

  private async answer(
    at: SetupAt,
    form: RequestParameters,
    { tenantId, hash }: Parameters<FirstAdministrator['make']>[0],
    made: Made,
  ): Promise<void> {
    switch (made) {
      case 'created':
        this.done(at);
        return;
      case 'username_taken':
        showSetup(at, hash, { ...typedOf(form), problem: 'username-taken' });
        return;
      case 'administered':
        throw new NotFoundException();
      case 'not_claimed':
        this.spent(at, (await this.first.find(tenantId, hash))?.state);
    }
  }

  /** A form that is sent twice is answered twice. */
  private spent(at: SetupAt, state: FoundSetup['state'] | undefined): void {
    if (state === 'finished') this.done(at);
    else throw new MeshError('unavailable', 'the set-up code is claimed, and its account is not made yet');
  }

  private done({ exchange }: SetupAt): void {
    sendPage(exchange, this.deps.issuer, 200, renderSetupDone);
  }

  /** SHA-256 of what was typed as the code, where it can be one; undefined where there were too many tries, which it has said. */
  private async readCode(at: SetupAt, form: RequestParameters): Promise<{ readonly hash?: string } | undefined> {
    const { tenant } = at.exchange;
    const network = contextOf(at.exchange).network ?? { ip: '', userAgent: '' };
    const taken = await this.guesses.take(tenant.id, this.guesses.setupCodeBuckets(network));
    if (!taken.allowed) {
      await this.mustBeOpen(tenant, await this.first.find(tenant.id));
      const problem = { problem: 'too-many-attempts' as const, retryAfterSeconds: taken.retryAfter };
      showSetup(at, undefined, { ...typedOf(form), ...problem });
      return undefined;
    }
    const code = parseSetupCode(form.get('setup_code') ?? '');
    return code === undefined ? {} : { hash: sha256Text(code) };
  }

  private async mustBeOpen(tenant: Tenant, setup: FoundSetup | undefined): Promise<void> {
    const open = setup?.state === 'open' || setup?.state === 'claimed';
    if (!open || (await this.first.exists(tenant.id))) throw new NotFoundException();
  }

  private async refuse({ exchange }: SetupAt): Promise<void> {
    await this.failures.record(setupRefused, setupRefusalsSummarised, {
      ...{ tenantId: exchange.tenant.id, context: contextOf(exchange), data: {}, reason: 'wrong_code' },
    });
  }

  private at(exchange: Exchange): SetupAt {
    return { deps: this.deps, exchange, browser: new Browser(exchange, this.deps.keyring, this.deps.issuer) };
  }
}
