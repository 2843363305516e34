import { accountId, organisationId, sessionId, type Authentication } from '@signet/contracts';
import { micros, microsOf } from '@signet/persistence';
import { z } from 'zod';

/** The columns of a session that others inherit, for a RETURNING or SELECT over `table`. */
export const authenticationColumns = (table: string) => `
  ${table}.id as "sessionId", ${table}.account_id as "accountId", ${table}.organisation_id as "organisationId",
  ${microsOf(`${table}.since`)} as since, ${microsOf(`${table}.auth_time`)} as "authTime",
  ${table}.acr, ${table}.amr, ${microsOf(`${table}.absolute_expires_at`)} as "sessionExpiresAt"`;

export const authenticationRow: z.ZodType<Authentication> = z.object({
  sessionId,
  accountId,
  organisationId: organisationId.nullable(),
  since: micros,
  authTime: micros,
  acr: z.string(),
  amr: z.array(z.string()),
  sessionExpiresAt: micros,
});

/** SQL: whether the session of `table` lives now. */
export const isLive = (table: string) => `${table}.ended_at is null and ${table}.idle_expires_at > clock_timestamp()`;
