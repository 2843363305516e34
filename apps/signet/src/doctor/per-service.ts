import type { ServiceName } from '@signet/contracts';
import type { NatsFacts } from '@signet/messaging';
import type { DatabaseFacts } from '@signet/persistence';
import type { Examined, Look } from './examined.js';
import type { IssuerFacts } from './issuer-facts.js';
import { fault, ok, type Check, type Verdict } from './verdict.js';

type Judge<T> = (
  facts: T,
  examined: Examined,
  service: ServiceName,
) => Verdict | undefined | Promise<Verdict | undefined>;

interface Definition<T> {
  readonly name: string;
  readonly about: string;
  /** Undefined where there is nothing to say. */
  readonly judge: Judge<T>;
}

const overServices = <T>(
  { name, about, judge }: Definition<T>,
  look: (examined: Examined, service: ServiceName) => Promise<Look<T>> | undefined,
): Check => ({
  ...{ name, about },
  run: async (examined) => {
    const verdicts = await Promise.all(
      examined.services.map(async (service) => {
        const found = await look(examined, service);
        // What could not be looked at is told by the check of reaching it.
        const verdict = found && 'facts' in found ? await judge(found.facts, examined, service) : undefined;
        return verdict && { subject: service, ...verdict };
      }),
    );
    return verdicts.filter((verdict) => verdict !== undefined);
  },
});

/** A check of what each service finds at its database. */
export const ofDatabase = (definition: Definition<DatabaseFacts>): Check =>
  overServices(definition, (examined, service) => examined.database(service));

/** A check of what each service finds at its NATS. */
export const ofNats = (definition: Definition<NatsFacts>): Check =>
  overServices(definition, (examined, service) => examined.nats(service));

/** A check of what a client finds at the issuer's URL. */
export const ofIssuer = ({
  name,
  about,
  judge,
}: {
  readonly name: string;
  readonly about: string;
  readonly judge: (facts: IssuerFacts, examined: Examined) => Verdict | undefined;
}): Check => ({
  ...{ name, about },
  run: async (examined) => {
    const found = await examined.public;
    const verdict = 'facts' in found ? judge(found.facts, examined) : undefined;
    return verdict ? [{ subject: examined.issuer, ...verdict }] : [];
  },
});

/** A check that each service comes in at all. */
export const reaching = <T>(
  name: string,
  about: string,
  look: (examined: Examined, service: ServiceName) => Promise<Look<T>> | undefined,
  { none, described }: { readonly none: string; readonly described: (facts: T) => string },
): Check => ({
  ...{ name, about },
  run: (examined) =>
    Promise.all(
      examined.services.map(async (service) => {
        const found = await look(examined, service);
        if (!found) return { subject: service, ...fault('it has no URL', none) };
        if ('facts' in found) return { subject: service, ...ok(described(found.facts)) };
        return { subject: service, ...refusalIn(found.reason) };
      }),
    ),
});

/** A refusal says what it is and, after its colon, what to do. */
function refusalIn(reason: string): Verdict {
  const told = reason.replace(/^The database is not available: /, '').replace(/\.$/, '');
  const at = told.search(/: (?=[a-z])/);
  return at < 0
    ? fault(told, 'See that the server runs and that this machine may reach it; the URL says where it is looked for')
    : fault(told.slice(0, at), told.slice(at + 2));
}
