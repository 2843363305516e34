import {
  applyDecorators,
  Controller,
  Inject,
  Req,
  RequestMapping,
  RequestMethod,
  Res,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { managementPath, pathParametersOf, type Operation } from '@signet/contracts';
import { Keyring } from '@signet/keys';
import type { z } from 'zod';
import type { HttpReply, HttpRequest } from '../http/types.js';
import { RateLimitGuard } from '../limits/rate-limit-guard.js';
import type { Answer } from './answer.js';
import { callerOf } from './caller.js';
import { inputOf, type Input } from './input.js';
import { ManagementGuard, operationMetadata } from './management-guard.js';
import { ManagementProblem } from './management-problem.js';
import { RefusedCalls } from './refused-calls.js';
import { entityTag, isNotModified } from './precondition.js';

const keyringMember = Symbol('keyring');
const refusedMember = Symbol('refused calls');

/** Says which operation a handler outside the Management API's own paths is, for the ManagementGuard that it names beside this. */
export const ForOperation = (operation: Operation) => SetMetadata(operationMetadata, operation);

/** A controller whose handlers are operations of the Management API. */
export function Operations(): ClassDecorator {
  return (target) => {
    // Cursors are sealed with it, whatever else the controller is given.
    Inject(Keyring)(target.prototype as object, keyringMember);
    Inject(RefusedCalls)(target.prototype as object, refusedMember);
    Controller(managementPath)(target);
  };
}

interface Injected {
  readonly [keyringMember]?: Keyring;
  readonly [refusedMember]?: RefusedCalls;
}

type Handler<O extends Operation> = (input: Input<O>) => Promise<Answer<z.output<O['response']['schema']>>>;

/**
 * Makes a controller's method the handler of an operation: its route, behind the guard of the Management API; called with what
 * the operation's schemas have judged. The method's type is checked against the operation.
 */
export function Operates<O extends Operation>(
  operation: O,
): (target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<Handler<O>>) => void {
  const path = operation.path.slice(1).replaceAll(/\{([a-z_]+)\}/g, ':$1');
  const route = applyDecorators(
    // eslint-disable-next-line signet/guarded-handlers -- its guard stands beside it, for each handler
    RequestMapping({ path, method: RequestMethod[operation.method] }),
    SetMetadata(operationMetadata, operation),
    UseGuards(RateLimitGuard, ManagementGuard),
  );
  return (target, key, descriptor) => {
    const handle = descriptor.value;
    if (!handle) throw new TypeError(`${operation.id} has no handler`);
    const answering = async function (this: object, request: HttpRequest, reply: HttpReply): Promise<void> {
      const { [keyringMember]: keyring, [refusedMember]: refused } = this as Injected;
      if (!keyring || !refused) throw new TypeError('A controller of operations says @Operations().');
      const input = inputOf(operation, request, keyring);
      try {
        send(operation, request, reply, await handle.call(this, input));
      } catch (thrown) {
        // The guard let it through: what was asked for takes more than the permission does.
        if (thrown instanceof ManagementProblem && thrown.code === 'insufficient-permission') {
          const { tenant, principal } = callerOf(request);
          const whose = { tenantId: tenant.id, actor: principal, reason: 'insufficient_authority' };
          await refused.record(operation, request, whose);
        }
        throw thrown;
      }
    };
    descriptor.value = answering as never;
    route(target, key, descriptor);
    Req()(target, key, 0);
    Res()(target, key, 1);
  };
}

function send(operation: Operation, request: HttpRequest, reply: HttpReply, answer: Answer<unknown>): void {
  const { status } = operation.response;
  void reply.header('Cache-Control', 'no-store');
  if (operation.versioned && answer.version !== undefined) {
    void reply.header('ETag', entityTag(answer.version));
    // RFC 9110 section 15.4.5.
    if (operation.method === 'GET' && isNotModified(request.headers['if-none-match'], answer.version)) {
      void reply.status(304).send();
      return;
    }
  }
  if (answer.location !== undefined) void reply.header('Location', locationOf(operation, request, answer.location));
  const next = operation.paged ? (answer.body as { next_cursor?: string }).next_cursor : undefined;
  // RFC 8288 section 3, relative to the request: what the plane is called from outside is not said by it.
  if (next !== undefined) void reply.header('Link', `<${nextPage(request, next)}>; rel="next"`);
  void reply.status(status);
  if (status === 204) void reply.send();
  else void reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.body));
}

/** Below the collection that was posted to. */
function locationOf(operation: Operation, request: HttpRequest, segment: string): string {
  const parameters = request.params as Readonly<Record<string, string>>;
  const path = pathParametersOf(operation).reduce(
    (filled, name) => filled.replace(`{${name}}`, encodeURIComponent(parameters[name] ?? '')),
    operation.path,
  );
  return `${managementPath}${path}/${encodeURIComponent(segment)}`;
}

function nextPage(request: HttpRequest, cursor: string): string {
  const [path = '', query = ''] = (request.raw.url ?? '').split('?', 2);
  const kept = query.split('&').filter((pair) => pair !== '' && !/^cursor(?:=|$)/.test(pair));
  return `${path}?${[...kept, `cursor=${cursor}`].join('&')}`;
}
