import { DatabaseRefused, StatementFailed, UnfitServer } from './errors.js';
import { databaseTransport } from './verified-tls.js';

/** Names out of a URL, for sentences. Never the password. */
interface Place {
  readonly server: string;
  readonly user: string;
  readonly database: string;
}

function placeOf(url: string | undefined): Place {
  if (url === undefined) return { server: 'PostgreSQL', user: 'this user', database: 'this database' };
  const { username, pathname } = new URL(url);
  const { host } = databaseTransport(url);
  const user = decodeURIComponent(username);
  return {
    server: host === '' ? 'PostgreSQL' : `PostgreSQL at ${host}`,
    user: user === '' ? 'this user' : user,
    database: decodeURIComponent(pathname.slice(1)) || user,
  };
}

const prepare = 'run `signet database prepare` as an administrator';

/**
 * What to do about an error of a connection that the server ends before it begins (PostgreSQL appendix A); undefined for one that is not
 * of these. A server tells a wrong password and a role that is not there apart in its own log alone.
 */
export function refused(
  { code, message }: { readonly code?: string | undefined; readonly message: string },
  url: string | undefined,
): DatabaseRefused | undefined {
  const { server, user, database } = placeOf(url);
  const because = (reason: string) => new DatabaseRefused(reason, code);
  switch (code) {
    case '28P01':
      return because(
        `${server} refuses the password of ${user}, or has no such role: put the right one into the URL, or ${prepare}, which sets it`,
      );
    case '28000':
      return because(
        message.includes('pg_hba.conf')
          ? `${server} lets ${user} into ${database} not from here, or not without TLS: add a line to its pg_hba.conf, or name another way in the URL`
          : `${server} has no role ${user} that may log in: ${prepare}, which makes it`,
      );
    case '3D000':
      return because(`${server} has no database ${database}: make it, or name another one in the URL; then ${prepare}`);
    case '42501':
      return because(`${server} does not let ${user} connect to ${database}: ${prepare}, which grants it`);
    default:
      return undefined;
  }
}

/** A statement of opening a schema that failed for what the schema lacks, as the sentence that says what to do; any other error as it is. */
export function unfitSchema(error: unknown, service: string): unknown {
  if (!(error instanceof StatementFailed)) return error;
  // A schema that a role may not use is none of its search path's.
  if (error.code === '42501' || error.code === '3F000')
    return new UnfitServer(
      `The role of ${service} may not use its schema, or there is none: ${prepare}, which makes it the schema's owner.`,
    );
  if (error.code === '42P01')
    return new UnfitServer(
      `The schema ${service} has no tables: run \`signet database prepare\`, then \`signet database migrate\`.`,
    );
  return error;
}
