import { prunableKind, type PrunableKind } from '@signet/contracts';
import { LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { fileMembers } from './file-objects.js';
import { signetFile, type SignetFile } from './schema.js';

/** One thing wrong with a file: where (`tenants[0].clients[1].scope`), on which line, and what. */
export interface Fault {
  readonly path: string;
  readonly line: number | undefined;
  readonly message: string;
}

/** By tenant, the kinds of which the file has a list, an empty one too: of these it may be the whole truth. */
export type NamedLists = Readonly<Record<string, PrunableKind[]>>;

export type Reading =
  | { readonly ok: true; readonly file: SignetFile; readonly lists: NamedLists }
  | { readonly ok: false; readonly faults: readonly Fault[] };

type Path = readonly (string | number)[];

const showPath = (path: Path) =>
  path.reduce<string>(
    (shown, part) => (typeof part === 'number' ? `${shown}[${part}]` : shown ? `${shown}.${part}` : part),
    '',
  );

/**
 * Reads the text of a signet.yaml: `${env:NAME}` and `${env:NAME:-default}` are filled in within every string, then the whole is checked.
 * All faults come together. Does not check what only the directory knows (a scope that a client names, a group's role).
 */
export function readSignetFile(source: string, environment: Readonly<Record<string, string | undefined>>): Reading {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    return {
      ok: false,
      faults: document.errors.map((error) => ({
        path: '',
        line: error.linePos?.[0].line,
        message: error.message.split('\n')[0] ?? 'not YAML',
      })),
    };
  }
  const faults: Fault[] = [];
  const fault = (path: Path, message: string) => {
    faults.push({ path: showPath(path), line: lineOf(document, lines, path), message });
  };
  visit(document, {
    Alias: (_, { source: anchor }) => {
      fault([], `the alias *${anchor}: write it out`);
    },
  });
  if (faults.length > 0) return { ok: false, faults };
  const filled = fillIn(document.toJS(), [], environment, fault);
  const parsed = signetFile.safeParse(filled);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) fault(issue.path.filter(isPathPart), issue.message);
  }
  if (faults.length > 0 || !parsed.success) return { ok: false, faults };
  return { ok: true, file: parsed.data, lists: listsIn(filled, parsed.data) };
}

const written = z.object({ tenants: z.array(z.record(z.string(), z.unknown())) });

function listsIn(filled: unknown, { tenants }: SignetFile): NamedLists {
  const has = written.parse(filled).tenants;
  return Object.fromEntries(
    tenants.map(({ slug }, index) => [
      slug,
      prunableKind.options.filter((kind) => Object.hasOwn(has[index] ?? {}, fileMembers[kind])),
    ]),
  );
}

const isPathPart = (part: PropertyKey): part is string | number => typeof part !== 'symbol';

/** The line of the node at `path`, or of its nearest ancestor that the file has. */
function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line;
    }
  }
  return undefined;
}

const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

function fillIn(
  value: unknown,
  path: Path,
  environment: Readonly<Record<string, string | undefined>>,
  fault: (path: Path, message: string) => void,
): unknown {
  if (typeof value === 'string') {
    return value.replace(reference, (_, name: string, fallback: string | undefined) => {
      const found = environment[name] ?? fallback;
      if (found === undefined) fault(path, `the environment has no ${name}`);
      return found ?? '';
    });
  }
  if (Array.isArray(value)) return value.map((each, index) => fillIn(each, [...path, index], environment, fault));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, fillIn(each, [...path, key], environment, fault)]),
    );
  }
  return value;
}

/** The faults as a person reads them, one a line. */
export function describeFaults(file: string, faults: readonly Fault[]): string {
  return faults
    .map(
      ({ path, line, message }) =>
        `${file}${line === undefined ? '' : `:${line}`}  ${path ? `${path}: ` : ''}${message}`,
    )
    .join('\n');
}
