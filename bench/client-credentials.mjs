import { Agent, request } from 'node:http';

const basic = `Basic ${Buffer.from('demo-service:demo-service-secret').toString('base64')}`;
const body = 'grant_type=client_credentials&scope=demo%3Aread';
const headers = {
  authorization: basic,
  'content-type': 'application/x-www-form-urlencoded',
  'content-length': String(body.length),
};

/** Asks for access tokens, `lanes` at once, until `over` says so. Milliseconds of each success, and how many answers were none. */
export async function askForTokens(origin, lanes, over) {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const taken = [];
  let errors = 0;
  const lane = async () => {
    while (!over()) {
      const began = performance.now();
      const status = await ask(`${origin}/token`, agent).catch(() => 0);
      if (status === 200) taken.push(performance.now() - began);
      else errors += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  agent.destroy();
  return { taken, errors };
}

/** The same for as many seconds; with how many there were a second, and the 99th percentile. */
export async function measureTokens(origin, lanes, seconds) {
  const began = performance.now();
  const { taken, errors } = await askForTokens(origin, lanes, () => performance.now() - began > seconds * 1_000);
  const perSecond = taken.length / ((performance.now() - began) / 1_000);
  return { perSecond, p99: percentile(taken, 0.99), errors };
}

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;

function ask(url, agent) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}
