import { pushedReference, resolveRequest, type TenantId } from '@signet/contracts';
import { digests } from '@signet/keys';
import type { Requester } from '@signet/messaging';
import {
  fail,
  invalidRequestUri,
  isPushedRequestUri,
  oauthError,
  ok,
  parsePushedRequestUri,
  type AskedRequest,
  type Client,
  type PushedReference,
  type RequestObjects,
  type ResolvedRequest,
  type Result,
} from '@signet/protocol';
import type { z } from 'zod';

type Asked = z.input<typeof resolveRequest.request>['asked'];

/** Request objects and pushed requests of a tenant: token, which has the keys and the rows, is asked for them. */
export class AskedRequests implements RequestObjects {
  constructor(
    private readonly requester: Requester,
    private readonly tenantId: TenantId,
  ) {}

  async resolve(client: Client, asked: AskedRequest): Promise<Result<ResolvedRequest>> {
    if ('request' in asked) return this.#ask(client, asked);
    if (!isPushedRequestUri(asked.requestUri)) return this.#ask(client, asked);
    // The secret of a reference goes no further than here.
    const pushed = pushedReference.safeParse(parsePushedRequestUri(asked.requestUri, digests)).data;
    if (pushed === undefined) return fail(invalidRequestUri('The request_uri is not known'));
    return this.#ask(client, { pushed }, pushed);
  }

  async #ask({ clientId }: Client, asked: Asked, pushed?: PushedReference): Promise<Result<ResolvedRequest>> {
    const answer = await this.requester.request(resolveRequest, { tenantId: this.tenantId, clientId, asked });
    if (answer.outcome === 'refused') return fail(oauthError(answer.error, answer.description));
    return ok({ parameters: answer.parameters, pushed });
  }
}
