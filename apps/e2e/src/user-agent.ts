export type Fetch = typeof globalThis.fetch;

/** What a browser shows, or the URL outside of Signet that it was sent to. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly title: string;
  /** Of the page's form: where it posts to, and its fields with their values. */
  readonly action: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** Of the page's link to a client that nobody vouches for, which a person may follow. */
  readonly onward: URL | undefined;
  /** Where it was sent on to, away from `origin`. */
  readonly left: URL | undefined;
}

export interface Person {
  readonly username: string;
  readonly password: string;
}

/** A browser without a screen: keeps cookies, follows redirects within `origin`, and sends the pages' own forms. */
export class UserAgent {
  readonly cookies = new Map<string, string>();
  /** Every Set-Cookie line that came. */
  readonly setCookies: string[] = [];

  constructor(
    readonly origin: string,
    private readonly fetch: Fetch = globalThis.fetch,
  ) {}

  async send(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) {
      headers.set('Cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const answer = await this.fetch(new URL(url, this.origin), { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return answer;
  }

  async open(url: string | URL, init: RequestInit = {}): Promise<Shown> {
    const answer = await this.send(url, init);
    const location = answer.headers.get('Location');
    if (location === null) return shown(answer, await answer.text());
    const target = new URL(location, this.origin);
    return target.origin === this.origin ? await this.open(target) : shown(answer, '', target);
  }

  /** Sends the form of a page, as the button would with `fields` filled in. */
  submit(page: Shown, fields: Readonly<Record<string, string>>): Promise<Shown> {
    if (page.action === undefined) throw new Error(`no form on "${page.title}" (${page.status}): ${page.html}`);
    return this.open(page.action, { method: 'POST', body: new URLSearchParams({ ...page.fields, ...fields }) });
  }

  /** Leaves as a person would who knows the client, where the page asks whether they do; a form there is for who expects one. */
  follow(page: Shown): Shown {
    return page.onward === undefined ? page : { ...page, left: page.onward };
  }

  /** Opens an authorization request, signs in and agrees where it is asked to, and gives what is shown then. */
  async answer(url: string | URL, person: Person): Promise<Shown> {
    let page = await this.open(url);
    if (page.html.includes('type="password"')) page = await this.submit(page, { ...person });
    if (page.html.includes('value="allow"')) page = await this.submit(page, { decision: 'allow' });
    return this.follow(page);
  }

  /** As `answer`, for a response that is a redirect: its URL. */
  async authorize(url: string | URL, person: Person): Promise<URL> {
    const page = await this.answer(url, person);
    if (!page.left) throw new Error(`still at "${page.title}" (${page.status}): ${page.html}`);
    return page.left;
  }

  private keep(line: string): void {
    this.setCookies.push(line);
    const [pair = ''] = line.split(';');
    const equals = pair.indexOf('=');
    if (/;\s*Max-Age=0/i.test(line)) this.cookies.delete(pair.slice(0, equals));
    else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
}

function shown(answer: Response, html: string, left?: URL): Shown {
  const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  const inputs = (html.match(/<input[^>]*>/g) ?? []).flatMap((tag) => {
    const name = attribute(tag, 'name');
    // A box that is not ticked sends nothing.
    if (attribute(tag, 'type') === 'checkbox' && !/ checked(?:[ =/>])/.test(tag)) return [];
    return name === undefined ? [] : [[name, unescape(attribute(tag, 'value') ?? '')] as const];
  });
  const form = /<form[^>]*>/.exec(html)?.[0];
  const link = /<a [^>]*rel="noreferrer"[^>]*>/.exec(html)?.[0];
  return {
    status: answer.status,
    headers: answer.headers,
    html,
    title: /<title>(.*?)<\/title>/s.exec(html)?.[1] ?? '',
    action: form === undefined ? undefined : attribute(form, 'action'),
    fields: Object.fromEntries(inputs),
    onward: link === undefined ? undefined : new URL(unescape(attribute(link, 'href') ?? '')),
    left,
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescape = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
