import { createHash, randomBytes } from 'node:crypto';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const redirectUri = 'http://localhost:3001/callback';

function cookiesOf(response) {
  return response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
}

function formOf(page) {
  const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
  const interaction = /name="interaction" value="([^"]+)"/.exec(page)?.[1];
  if (!action || !interaction) throw new Error(`a page without a form: ${page.slice(0, 300)}`);
  return { action, interaction };
}

/** One person signs in to the demo with a fresh browser, and the demo redeems the code: two pages at most, six requests. Gives the tokens. */
export async function signIn(origin, tokenOrigin = origin) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'demo',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const shown = await fetch(`${origin}/authorize?${query}`, { redirect: 'manual' });
  let cookies = cookiesOf(shown);
  let answer = shown;
  for (const fields of [{ username: 'alice', password: 'wonderland' }, { decision: 'allow' }]) {
    if (answer.status === 303) break;
    const { action, interaction } = formOf(await answer.text());
    answer = await fetch(origin + action, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...form, cookie: cookies.join('; ') },
      body: new URLSearchParams({ interaction, ...fields }),
    });
    cookies = [...cookies, ...cookiesOf(answer)];
  }
  const code = new URL(answer.headers.get('location')).searchParams.get('code');
  return askAsDemo(tokenOrigin, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

/** The successor of a refresh token of the demo, with what comes with it. */
export const refresh = (origin, token) => askAsDemo(origin, { grant_type: 'refresh_token', refresh_token: token });

async function askAsDemo(origin, parameters) {
  const answer = await fetch(`${origin}/token`, {
    method: 'POST',
    headers: { ...form, authorization: `Basic ${Buffer.from('demo:demo-secret').toString('base64')}` },
    body: new URLSearchParams(parameters),
  });
  if (!answer.ok) throw new Error(`no tokens: ${await answer.text()}`);
  return answer.json();
}
