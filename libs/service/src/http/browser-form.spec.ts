import { describe, expect, it } from '@jest/globals';
import { loadKeyring, newKeyring } from '@signet/keys';
import { parseParameters } from '@signet/protocol';
import { BrowserForms, crossSitePost } from './browser-form.js';
import type { HttpReply, HttpRequest } from './types.js';

const forms = new BrowserForms(loadKeyring(newKeyring()), { tenantId: 'acme', issuer: 'https://id.example' });

/** A browser's cookies; a cross-site POST goes without them, and its answer sets some all the same (RFC 6265bis section 5.5). */
class Jar {
  readonly cookies = new Map<string, string>();

  get request(): HttpRequest {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    return { headers: { cookie } } as HttpRequest;
  }

  get reply(): HttpReply {
    const header = (_: string, line: string) => {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? [];
      this.cookies.set(name, value);
    };
    return { header } as unknown as HttpReply;
  }
}

const crossSite: HttpRequest = { headers: {} } as HttpRequest;

function post(raw: string, request: HttpRequest, { reply }: Jar) {
  const { parameters } = parseParameters(raw, 65_536);
  return crossSitePost(forms, '/logout', raw, parameters, request, reply);
}

/** The body that the page of a repost sends. */
function reposted(raw: string, request: HttpRequest, jar: Jar): string {
  const answer = post(raw, request, jar);
  if (answer.kind !== 'repost') throw new Error(answer.kind);
  return new URLSearchParams(answer.fields.map(([name, value]): [string, string] => [name, value])).toString();
}

describe('a POST from elsewhere', () => {
  const hinted = 'id_token_hint=x.y.z&state=s';

  it('is ours once our own page has sent it again', () => {
    const jar = new Jar();
    const body = reposted(hinted, crossSite, jar);
    expect(post(body, jar.request, jar).kind).toBe('ours');
  });

  it('is not ours where the cookies stay away, or are those of another browser', () => {
    const [jar, another] = [new Jar(), new Jar()];
    const body = reposted(hinted, crossSite, jar);
    reposted(hinted, crossSite, another);
    expect(post(body, crossSite, new Jar()).kind).toBe('repost');
    expect(post(body, another.request, another).kind).toBe('repost');
  });

  it('leaves the open forms of its browser as they are', () => {
    const jar = new Jar();
    const sealed = forms.seal('sign-in', 'a request', jar.request, jar.reply);
    reposted(hinted, crossSite, jar);
    expect(forms.open('sign-in', sealed, jar.request)).toBe('a request');
  });

  it('is asked with no form of a page in place of the repost', () => {
    const jar = new Jar();
    const sealed = forms.seal('repost', 'x', jar.request, jar.reply);
    expect(post(`${hinted}&signet_repost=${sealed}`, jar.request, jar).kind).toBe('repost');
  });

  it('becomes a GET where it is short and holds no hint', () => {
    expect(post('client_id=shop', crossSite, new Jar())).toEqual({
      kind: 'redirect',
      location: '/logout?client_id=shop',
    });
  });
});
