/** Bytes. A bundle of log entries counts an entry's in 16 bits (C2SP tlog-tiles). */
export const mostLeafBytes = 65_535;

/** What the statement that records an event adds to its head: a version, times, ids. */
const room = 4_096;
/** Of each list and each text, where `data` has to become smaller. */
const keptBytes = 4_096;
const keptText = 1_024;
/** Below it the name of what is cut would take as much. */
const worthCutting = 512;

const encoder = new TextEncoder();

/** Bytes of a value as Postgres writes jsonb: a space after each colon and comma, numbers with all their digits. */
export function jsonbBytes(value: unknown): number {
  if (typeof value === 'string') return encoder.encode(JSON.stringify(value)).length;
  if (typeof value === 'number') return digitsOf(value);
  if (value === null || typeof value === 'boolean') return 5;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + jsonbBytes(one) + 2, 2);
  if (typeof value !== 'object') return 0;
  return Object.entries(value).reduce(
    (sum, [name, member]) => (member === undefined ? sum : sum + jsonbBytes(name) + jsonbBytes(member) + 4),
    2,
  );
}

/** 1e300 is a one and three hundred zeros there. */
function digitsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return digits.length + Math.abs(Number(exponent));
}

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Characters of JSON that take no more than a leaf has, were they all numbers of three hundred digits. */
const alwaysFits = 900;

/** What no text of Postgres' JSON holds: NUL, or half a character. */
const unfit = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;

/**
 * An event's head as its leaf can hold it: with U+FFFD for what is no text, and no larger than a leaf may be. Where it would be larger, the largest members of
 * the objects in `data` go first, then whole objects, then the ends of lists and texts; `data.cut` tells the path of each and the bytes that it had.
 */
export function fitForLeaf<H extends { readonly data: Members }>(head: H): H {
  const json = JSON.stringify(head);
  const clean = unfit.test(json) ? (cleaned(head) as H) : head;
  if (json.length <= alwaysFits) return clean;
  const most = mostLeafBytes - room - jsonbBytes({ ...clean, data: {} });
  return jsonbBytes(clean.data) <= most ? clean : { ...clean, data: cutToFit(clean.data, most) };
}

function cutToFit(data: Members, most: number): Members {
  const cut: Record<string, number> = {};
  const fitted: Members = { ...data };
  const size = () => jsonbBytes(fitted) + jsonbBytes(cut);

  const inner = Object.entries(fitted).flatMap(([name, object]) => {
    if (!isObject(object)) return [];
    const members = Object.entries(object).map(([key, value]) => ({ name, key, bytes: jsonbBytes(value) }));
    fitted[name] = { ...object };
    return members.filter(({ bytes }) => bytes > worthCutting);
  });
  for (const { name, key, bytes } of inner.toSorted((a, b) => b.bytes - a.bytes)) {
    if (size() <= most) break;
    Reflect.deleteProperty(fitted[name] as Members, key);
    cut[`${name}.${key}`.slice(0, 200)] = bytes;
  }
  for (const [name, value] of largestFirst(fitted)) {
    if (size() <= most) break;
    if (!isObject(value)) continue;
    fitted[name] = {};
    cut[name] = jsonbBytes(data[name]);
  }
  for (const [name, value] of largestFirst(fitted)) {
    if (size() <= most) break;
    if (Array.isArray(value)) fitted[name] = beginning(value);
    else if (typeof value === 'string') fitted[name] = wellFormed(value.slice(0, keptText));
    else continue;
    cut[name] = jsonbBytes(value);
  }
  return { ...fitted, cut };
}

const largestFirst = (members: Members) =>
  Object.entries(members).toSorted(([, a], [, b]) => jsonbBytes(b) - jsonbBytes(a));

function beginning(list: readonly unknown[]): unknown[] {
  let bytes = 0;
  const end = list.findIndex((one) => (bytes += jsonbBytes(one) + 2) > keptBytes);
  return list.slice(0, end < 0 ? undefined : end);
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [wellFormed(name), cleaned(member)]));
}

const wellFormed = (text: string): string =>
  text.replaceAll('\u0000', '\uFFFD').replaceAll(/\p{Surrogate}/gu, '\uFFFD');
