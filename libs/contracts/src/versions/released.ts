import { isDeepStrictEqual } from 'node:util';
import { deadLetterStream, deadLetterSubjects, eventStream, eventSubjects } from '../events/definition.js';
import { permissions } from '../permissions.js';
import { formOf, messages, type MessageForms } from './message-forms.js';

/** What a principal does in NATS. */
export interface PrincipalForm {
  readonly serves: readonly string[];
  readonly calls: readonly string[];
  readonly consumes: readonly string[];
  readonly durables: readonly string[];
}

/** What two versions of the services say to each other. */
export interface ReleasedForms {
  readonly streams: Readonly<Record<string, string>>;
  readonly principals: Readonly<Record<string, PrincipalForm>>;
  readonly messages: MessageForms;
}

const subjectsOf = (contracts: readonly { readonly subject: string }[]) =>
  contracts.map(({ subject }) => subject).sort();

/** As of now. */
export function formsOfToday(): ReleasedForms {
  return {
    streams: { [eventStream]: eventSubjects, [deadLetterStream]: deadLetterSubjects },
    principals: Object.fromEntries(
      Object.entries(permissions).map(([name, { serves, calls, consumes, durables = [] }]) => [
        name,
        { serves: subjectsOf(serves), calls: subjectsOf(calls), consumes, durables },
      ]),
    ),
    messages: Object.fromEntries([...messages].map(([subject, contract]) => [subject, formOf(contract)])),
  };
}

/**
 * What a release did in NATS, and today's users may not do: nats-server has one set of users for both versions, which is today's during a roll-out, and
 * consumers and streams are shared.
 */
export function lostInNats(released: ReleasedForms, today: ReleasedForms): string[] {
  const lost = Object.entries(released.principals).flatMap(([name, form]) =>
    Object.entries(form).flatMap(([verb, subjects]: [string, readonly string[]]) => {
      const now: readonly string[] = today.principals[name]?.[verb as keyof PrincipalForm] ?? [];
      return subjects.filter((one) => !now.includes(one)).map((one) => `${name} ${verb} ${one}`);
    }),
  );
  return isDeepStrictEqual(released.streams, today.streams) ? lost : [...lost, 'streams'];
}
