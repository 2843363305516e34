import { pageSizes, type TenantId } from '@signet/contracts';
import { openText, sealToText, type Keyring } from '@signet/keys';
import { z } from 'zod';
import { ManagementProblem } from './management-problem.js';

/** Where a page ends: the values by which its list is ordered, of its last item. */
export type Position = readonly (string | number)[];

const position = z.array(z.union([z.string(), z.number()])).max(5);

/** Whose list, which one, of which objects: a cursor is for it alone. */
export interface ListIdentity {
  readonly tenantId: TenantId;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, string>>;
}

const sorted = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

/** One page of a list, and the cursor of the one that follows. */
export class Page {
  readonly limit: number;
  /** Undefined on the first page. */
  readonly after: Position | undefined;
  readonly #place: readonly string[];

  /** Throws for a cursor that is not this list's. */
  constructor(
    private readonly keyring: Keyring,
    list: ListIdentity,
    { limit = pageSizes.default, cursor }: { readonly limit?: number; readonly cursor?: string | undefined },
  ) {
    this.limit = limit;
    const identity = JSON.stringify([sorted(list.parameters), sorted(list.filters)]);
    this.#place = [list.tenantId, list.operation, identity];
    this.after = cursor === undefined ? undefined : this.#open(cursor);
  }

  /** What to read for the page of a list that is ordered by ids: those that come after this one, and one more than the page has. */
  get range(): { readonly after: string | undefined; readonly limit: number } {
    const [after] = this.after ?? [];
    return { after: after === undefined ? undefined : String(after), limit: this.limit + 1 };
  }

  /** The answer, of the rows from `after` on: as many as the page has and one more, where there is one. */
  of<R, I>(
    rows: readonly R[],
    item: (row: R) => I,
    positionOf: (row: R) => Position,
  ): { items: I[]; next_cursor?: string } {
    const shown = rows.slice(0, this.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(item),
      ...(rows.length > shown.length && last !== undefined && { next_cursor: this.#seal(positionOf(last)) }),
    };
  }

  #seal(at: Position): string {
    return sealToText(this.keyring, 'cursor', JSON.stringify(at), this.#place);
  }

  #open(cursor: string): Position {
    const opened = openText(this.keyring, 'cursor', cursor, this.#place);
    // Ours, and of another version perhaps.
    const read = opened && position.safeParse(JSON.parse(Buffer.from(opened).toString('utf8'))).data;
    if (read) return read;
    const detail = 'is no cursor of this list with these filters';
    throw new ManagementProblem('invalid-request', 'The cursor is not valid', {
      errors: [{ parameter: 'cursor', detail }],
    });
  }
}
