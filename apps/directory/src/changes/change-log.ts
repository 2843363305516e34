import {
  accountDisabled,
  accountErased,
  accountRestored,
  clientDisabled,
  configurationApplied,
  directoryCreated,
  directoryDeleted,
  directoryUpdated,
  type DirectoryKind,
  type EventContext,
  type EventDefinition,
  type EventId,
  type EventInput,
  type Floor,
  type PlanId,
  type RecordedEvent,
  type TenantId,
} from '@signet/contracts';
import type { z } from 'zod';
import { difference, type Difference, type View } from './difference.js';
import { endingFloor, versionFloor, type Subject } from './floors.js';

export interface EventMaker {
  make<D extends z.ZodType, P extends z.ZodType>(
    definition: EventDefinition<D, P>,
    input: EventInput<z.input<D>, z.input<P>>,
  ): RecordedEvent;
}

export interface LoggedEvent {
  readonly event: RecordedEvent;
  readonly version: number;
}

/** Disabling is an event of its own; `member` is what it tells, so that the change beside it need not. */
const endings: Partial<Record<DirectoryKind, { definition: EventDefinition; member: string }>> = {
  client: { definition: clientDisabled, member: 'enabled' },
  account: { definition: accountDisabled, member: 'status' },
};

/** What one transaction changes: an event for each new version of an object, and floors for the rights that it takes away. */
export class ChangeLog {
  readonly events: LoggedEvent[] = [];
  readonly floors: Floor[] = [];
  /** Tenants in which roles give something else than before, by the event that tells why. */
  readonly authority = new Map<TenantId, EventId>();
  readonly #changes = new Map<TenantId, number>();

  constructor(
    private readonly maker: EventMaker,
    /** Who changes it. */
    private readonly context: EventContext,
  ) {}

  /** Objects that were created, changed or deleted. */
  get changes(): number {
    return [...this.#changes.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The object's first version. Values of `concealed` members are not told. */
  created(subject: Subject, view: View, concealed: readonly string[] = []): void {
    const made = difference({}, view, concealed);
    this.#add(directoryCreated[subject.kind], subject, 1, { changed: made?.changed ?? [], after: made?.after ?? {} });
    this.#count(subject.tenantId);
  }

  /** Gives the object's new version, one more for each event. `disabled`: what it holds ends, too. */
  updated(subject: Subject, version: number, change: Difference, disabled: boolean): number {
    const ending = disabled ? endings[subject.kind] : undefined;
    const told = ending ? without(change, ending.member) : change;
    let next = version;
    if (told.changed.length > 0) this.#add(directoryUpdated[subject.kind], subject, ++next, told);
    if (ending) this.#add(ending.definition, subject, ++next, {});
    this.#count(subject.tenantId);
    const raiseId = this.#lastId();
    if (disabled) this.#floor(endingFloor(subject, raiseId, 'disabled'));
    this.#floor(versionFloor(subject, raiseId, next));
    return next;
  }

  /** Gives the version of the deletion itself. What the object holds ends. */
  deleted(subject: Subject, version: number, view: View, concealed: readonly string[] = []): number {
    const { before } = difference(view, {}, concealed) ?? { before: {} };
    this.#add(directoryDeleted[subject.kind], subject, version + 1, { before });
    this.#count(subject.tenantId);
    const raiseId = this.#lastId();
    this.#floor(endingFloor(subject, raiseId, 'deleted'));
    this.#floor(versionFloor(subject, raiseId, version + 1));
    return version + 1;
  }

  /** A deleted account that is one again. Gives its version; what ended with the deletion stays ended. */
  restored(subject: Subject, version: number): number {
    this.#add(accountRestored, subject, version + 1, {});
    this.#count(subject.tenantId);
    this.#floor(versionFloor(subject, this.#lastId(), version + 1));
    return version + 1;
  }

  /** A deleted account of which nothing personal is left. Its floors are of the event that `raiseId` names. */
  erased(subject: Subject, version: number): { readonly version: number; readonly raiseId: EventId } {
    this.#add(accountErased, subject, version + 1, {});
    this.#count(subject.tenantId);
    const raiseId = this.#lastId();
    this.#floor(endingFloor(subject, raiseId, 'erased'));
    this.#floor(versionFloor(subject, raiseId, version + 1));
    return { version: version + 1, raiseId };
  }

  /** After the event of a change of what many may do at once: nobody's copy from before it may be used. */
  authorityChanged(tenantId: TenantId): void {
    this.authority.set(tenantId, this.#lastId());
  }

  /** Of each tenant that changed, that a plan was applied. Closes the log. */
  applied(plan: PlanId): void {
    for (const [tenantId, changes] of this.#changes) {
      const { context } = this;
      const event = this.maker.make(configurationApplied, { tenantId, context, data: { plan, changes } });
      this.events.push({ event, version: 1 });
    }
  }

  #count(tenantId: TenantId): void {
    this.#changes.set(tenantId, (this.#changes.get(tenantId) ?? 0) + 1);
  }

  #add<D extends z.ZodType, P extends z.ZodType>(
    definition: EventDefinition<D, P>,
    { kind, tenantId, id }: Subject,
    version: number,
    data: z.input<D>,
  ): void {
    const event = this.maker.make(definition, {
      tenantId,
      aggregate: id,
      context: this.context,
      data,
      ...(kind === 'account' && { account: id }),
      ...(kind === 'client' && { client: id }),
    });
    this.events.push({ event, version });
  }

  #lastId(): EventId {
    const last = this.events.at(-1);
    if (!last) throw new TypeError('A change without an event.');
    return last.event.id;
  }

  #floor(floor: Floor | undefined): void {
    if (floor) this.floors.push(floor);
  }
}

function without(change: Difference, member: string): Difference {
  const drop = (view: View): View => Object.fromEntries(Object.entries(view).filter(([name]) => name !== member));
  return {
    changed: change.changed.filter((name) => name !== member),
    before: drop(change.before),
    after: drop(change.after),
  };
}
