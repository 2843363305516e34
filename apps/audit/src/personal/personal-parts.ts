import { open, type Keyring } from '@signet/keys';
import type { Database } from '@signet/persistence';
import { readPersonalPart } from '@signet/service';
import { findSubjectKeys, subjectKeyring } from './subject-keys.js';

/** What of an entry its personal part is opened by. */
export interface WithPersonalPart {
  readonly tenantId: string;
  readonly id: string;
  readonly personal: Uint8Array | null;
  readonly personalSubject: string | null;
}

export type PersonalPart = Readonly<Record<string, unknown>>;

const keyOf = ({ tenantId, subject }: { tenantId: string; subject: string }) => `${tenantId} ${subject}`;

/** Opens entries' personal parts, whose keys are looked up together. */
export class PersonalParts {
  constructor(
    private readonly database: Pick<Database, 'execute'>,
    private readonly keyring: Keyring,
  ) {}

  /** By the entry's id. Absent where there is none, or where its subject has been erased. */
  async open(rows: readonly WithPersonalPart[]): Promise<ReadonlyMap<string, PersonalPart>> {
    const subjects = new Map(
      rows.flatMap(({ tenantId, personal, personalSubject: subject }) => {
        if (personal === null || subject === null) return [];
        const of = { tenantId, subject };
        return [[keyOf(of), of] as const];
      }),
    );
    if (subjects.size === 0) return new Map();
    const stored = await this.database.execute(findSubjectKeys, { keys: [...subjects.values()] });
    const keys = new Map(stored.map((key) => [keyOf(key), subjectKeyring(this.keyring, key)]));
    return new Map(
      rows.flatMap(({ tenantId, id, personal, personalSubject: subject }) => {
        const key = subject === null ? undefined : keys.get(keyOf({ tenantId, subject }));
        const bytes = key && personal ? open(key, 'event', personal, id) : undefined;
        return bytes ? [[id, readPersonalPart(bytes)] as const] : [];
      }),
    );
  }
}
