import { permissions } from '../permissions.js';
import type { Request, RequestErrorCode } from '../request.js';
import { faultsBetween, type Fault } from './compare-schemas.js';
import { jsonSchemaOf, type JsonSchema } from './json-schema.js';
import { examplesOf } from './schema-examples.js';

/** A message as a release has it. */
export interface MessageForm {
  readonly request: JsonSchema;
  readonly response: JsonSchema;
  readonly errors: readonly RequestErrorCode[];
  readonly examples: { readonly request: readonly unknown[]; readonly response: readonly unknown[] };
}
export type MessageForms = Readonly<Record<string, MessageForm>>;

/** Every message between services, by its subject. */
export const messages: ReadonlyMap<string, Request> = new Map(
  Object.values(permissions)
    .flatMap(({ serves }) => serves)
    .map((contract) => [contract.subject, contract]),
);

/** A change of a released message that was thought about: how both versions get along all the same. */
export interface AgreedChange extends Fault {
  readonly subject: string;
  readonly why: string;
}

/** Throws where an example with all members is not taken by the contract itself. */
export function formOf({ request, response, errors }: Request): MessageForm {
  const [asked, answered] = [jsonSchemaOf(request), jsonSchemaOf(response)];
  return {
    ...{ request: asked, response: answered, errors },
    examples: { request: taken(request, asked), response: taken(response, answered) },
  };
}

/** What a `refine` refuses is no example; the one with all members has to be one. */
function taken(schema: Request['request'], described: JsonSchema): unknown[] {
  const [full, ...others] = examplesOf(described);
  schema.parse(full);
  return [full, ...others.filter((one) => schema.safeParse(one).success)];
}

/** Why today's messages do not get along with the released ones; what is new is none of it. */
export function brokenMessages(
  released: MessageForms,
  today: MessageForms,
  agreed: readonly AgreedChange[] = [],
): (Fault & { readonly subject: string })[] {
  const faults = Object.entries(released).flatMap(([subject, before]) => {
    const after = today[subject];
    const found = after ? faultsOf(before, after) : [{ path: '', change: 'is served no more' }];
    return found.map((fault) => ({ subject, ...fault }));
  });
  return faults.filter(
    ({ subject, path, change }) =>
      !agreed.some((one) => one.subject === subject && one.path === path && one.change === change),
  );
}

function faultsOf(released: MessageForm, today: MessageForm): Fault[] {
  const below = (part: 'request' | 'response') =>
    faultsBetween(released[part], today[part]).map(({ path, change }) => ({
      path: [part, path].filter((each) => each !== '').join('.'),
      change,
    }));
  const codes = [...new Set([...released.errors, ...today.errors])];
  const differing = codes.filter((code) => released.errors.includes(code) !== today.errors.includes(code));
  return [
    ...below('request'),
    ...below('response'),
    ...differing.map((code) => ({
      path: 'errors',
      change: `${code} is ${today.errors.includes(code) ? 'new' : 'gone'}`,
    })),
  ];
}
