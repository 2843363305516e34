import { failpointNames } from '@signet/contracts';
import { isLoopbackHost } from '@signet/protocol';
import { formatNoteKey, parseNoteKey } from '@signet/tlog';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { parseFailpoint, type FailpointSetting } from '../failpoint.js';
import type { Rate } from '../limits/rate-limits.js';

/** Forms of single settings: text in, value out. Messages never quote the value, which may be a secret. */

const whole = (least: number, most: number, what: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, what)
    .transform(Number)
    .refine((value) => value >= least && value <= most, what);

export const port = whole(0, 65_535, 'must be a port number, 0 to 65535');
export const drainSeconds = whole(0, 300, 'must be whole seconds, 0 to 300');
export const keepAliveSeconds = whole(1, 3_600, 'must be whole seconds, 1 to 3600');
export const databasePatience = whole(100, 60_000, 'must be milliseconds, 100 to 60000');
export const someText = z.string();

/** An even number outlives the loss of no more servers than the odd one below it. */
export const copies = z.enum(['1', '3', '5'], 'must be 1, 3 or 5').transform(Number);

export const issuer = z.string().transform((value, context) => {
  const fault = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return fault('must be an absolute http or https URL');
  // Endpoints lie beside each other under the origin, so there is no room for a path.
  if (value !== url.origin && value !== `${url.origin}/`)
    return fault('must be an origin: scheme, host in lower case and port, nothing else');
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    return fault('must be https, unless its host is a loopback one');
  return url.origin;
});

const urlOf = (what: string, ...schemes: string[]) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), what);

export const databaseUrl = urlOf('must be a postgres:// URL', 'postgres:', 'postgresql:');
export const natsUrl = z.string().refine((value) => {
  const parts = value.split(',').map((part) => part.trim());
  return parts.every((part) => URL.canParse(part) && ['nats:', 'tls:'].includes(new URL(part).protocol));
}, 'must be a nats:// or tls:// URL, several comma-separated');

/** What of a process's traffic leaves its machine. */
const transportNames = ['edge', 'database', 'nats'] as const;
export type Transport = (typeof transportNames)[number];

const list = (value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const isTransport = (value: string) => transportNames.some((name) => name === value);

export const transports = z
  .string()
  .transform(list)
  .refine((items) => items.every(isTransport), `must be of ${transportNames.join(', ')}, comma-separated`)
  .transform((items) => transportNames.filter((name) => items.includes(name)));

const isNetwork = (value: string) => ipaddr.isValid(value) || ipaddr.isValidCIDR(value);

export const networks = z
  .string()
  .transform(list)
  .refine((items) => items.every(isNetwork), 'must be IP addresses or networks (10.0.0.0/8), comma-separated');

/** Addresses to listen on; of a network, the process' own in it. */
export const listened = z
  .string()
  .transform(list)
  .refine(
    (items) => items.length > 0 && items.every((item) => !item.includes('/') || ipaddr.isValidCIDR(item)),
    'must be addresses, or networks (10.0.0.0/8) that the process has an address in, comma-separated',
  );

export const origins = z
  .string()
  .transform(list)
  .refine(
    (items) => items.every((item) => URL.canParse(item) && /^https?:\/\//.test(item) && new URL(item).origin === item),
    'must be origins (https://host:port), comma-separated',
  );

const witness = z.strictObject({
  key: z.string().transform((text, context) => {
    const key = parseNoteKey(text);
    if (key?.type === 'cosignature') return key;
    context.addIssue({ code: 'custom', message: 'is no key of a witness' });
    return z.NEVER;
  }),
  url: z.url({ protocol: /^https?$/ }),
});

/** C2SP tlog-witness: JSON, `[{"key": "<verifier key>", "url": "<submission prefix>"}]`. */
export const witnesses = z.string().transform((value, context): readonly z.output<typeof witness>[] => {
  const parsed = z.array(witness).max(16).safeParse(parseJson(value));
  if (parsed.success && new Set(parsed.data.map(({ key }) => formatNoteKey(key))).size === parsed.data.length)
    return parsed.data;
  const message = 'must be JSON: [{"key": the verifier key of a witness, "url": its submission prefix}], each key once';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `name=tenant,…`: the names are parts of those of NATS users. */
export const consumers = z.string().transform((value, context) => {
  const found = list(value).map((item) => /^([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)=([a-z0-9-]{1,63})$/.exec(item));
  const named = found.map((match) => ({ name: match?.[1] ?? '', tenant: match?.[2] ?? '' }));
  if (!found.includes(null) && new Set(named.map(({ name }) => name)).size === named.length) return named;
  context.addIssue({ code: 'custom', message: 'must be name=tenant, several comma-separated, each name once' });
  return z.NEVER;
});

const units: Readonly<Record<string, number>> = { '': 1, KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 };

export const bytes = z
  .string()
  .regex(/^[1-9]\d{0,14}(?:KiB|MiB|GiB)?$/, 'must be a number of bytes, or of KiB, MiB or GiB')
  .transform((value) => Number.parseInt(value, 10) * (units[value.replace(/^\d+/, '')] ?? 1))
  .refine(Number.isSafeInteger, 'is too large');

/** `name=count/seconds,…` with exactly these names, or `off`. A name that is left out keeps its default. */
export function rates<N extends string>(defaults: Readonly<Record<N, Rate>>) {
  const names = Object.keys(defaults) as N[];
  const message = `must be "off", or count/seconds for ${names.join(', ')}: ${names[0] ?? ''}=100/60`;
  return z.string().transform((value, context): Readonly<Record<N, Rate | undefined>> => {
    if (value === 'off') return Object.fromEntries(names.map((name) => [name, undefined])) as Record<N, undefined>;
    const given = list(value).map((item) => /^([a-z]+)=(?:([1-9]\d{0,8})\/([1-9]\d{0,6})|off)$/.exec(item));
    if (given.length === 0 || given.some((match) => !match || !names.includes(match[1] as N))) {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    const chosen = given.map((match) => {
      const rate = match?.[2] === undefined ? undefined : { count: Number(match[2]), seconds: Number(match[3]) };
      return [match?.[1] ?? '', rate] as const;
    });
    return { ...defaults, ...(Object.fromEntries(chosen) as Partial<Record<N, Rate | undefined>>) };
  });
}

/** What `rates` reads, of its own defaults. */
export function showRates(defaults: Readonly<Record<string, Rate>>): string {
  return Object.entries(defaults)
    .map(([name, { count, seconds }]) => `${name}=${count}/${seconds}`)
    .join(',');
}

export const failpoint = z.string().transform((value, context): FailpointSetting => {
  if (value.startsWith('@')) return { file: value.slice(1) };
  const named = parseFailpoint(value);
  if (named) return named;
  context.addIssue({
    code: 'custom',
    message: `must be one of ${failpointNames.join(', ')}, with :detail if wanted, or @ and a file that names one`,
  });
  return z.NEVER;
});
