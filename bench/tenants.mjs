import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { signet } from '../tools/quick-start/signet-command.mjs';
import { memoryOf } from './memory.mjs';
import { median, startAgain, withOneProcess } from './one-process.mjs';

const starts = 5;
const perFile = 50;
const tokens = 4_000;
const secret = 'a-secret-of-the-bench-that-nobody-else-has';

/** Start-up, memory and the time that a token takes, with one tenant and with many, each with keys of its own. */
export async function run([many = '1000'] = []) {
  const slugs = Array.from({ length: Number(many) }, (_, index) => `t${index}`);
  await withOneProcess(async ({ data, env, origin, start }) => {
    const first = await start();
    await declare(slugs.slice(0, 1), data, env);
    await first.signetProcess.stop();
    const one = await figures({ origin, start, slugs: slugs.slice(0, 1) });
    tell('one tenant', one);

    const { signetProcess } = await start();
    for (let from = 1; from < slugs.length; from += perFile)
      await declare(slugs.slice(from, from + perFile), data, env);
    await signetProcess.stop();
    const all = await figures({ origin, start, slugs });
    tell(`${slugs.length} tenants`, all);
    const more = (name) => `${name} ${((all[name] / one[name] - 1) * 100).toFixed(1)} %`;
    console.log(`more by: ${['seconds', 'memory', 'milliseconds'].map(more).join(', ')}`);
  });
}

const tell = (name, { seconds, memory, milliseconds }) => {
  console.log(
    `${name.padEnd(14)} start ${seconds.toFixed(2)} s, memory (PSS) ${memory.toFixed(0)} MiB, a token ${milliseconds.toFixed(2)} ms (medians)`,
  );
};

/** Tenants with a client each, as a file would declare them. */
async function declare(slugs, data, env) {
  const file = path.join(data, 'tenants.yaml');
  const tenants = slugs.map((slug) => ({
    slug,
    name: slug,
    resource_servers: [{ identifier: 'https://api.bench.example', name: 'API' }],
    scopes: [{ name: 'bench', description: 'Bench', resource_server: 'https://api.bench.example' }],
    clients: [{ client_id: 'bench', client_secret: secret, grant_types: ['client_credentials'], scope: 'bench' }],
  }));
  writeFileSync(file, JSON.stringify({ tenants }));
  await signet(['apply', '--yes', '--config', file], env);
}

async function figures({ origin, start, slugs }) {
  const { signetProcess, seconds } = await startAgain(start, starts);
  await pause(5_000); // idle: the figure is of a process that has settled
  const memory = memoryOf(signetProcess.pid);
  for (const slug of slugs) await token(origin, slug); // each copy and each key has been asked for once
  const taken = [];
  for (let count = 0; count < tokens; count += 1) {
    const began = performance.now();
    await token(origin, slugs[(count * 7919) % slugs.length]);
    taken.push(performance.now() - began);
  }
  await signetProcess.stop();
  return { seconds, memory, milliseconds: median(taken) };
}

async function token(origin, slug) {
  const response = await fetch(`${origin}/token/t/${slug}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`bench:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!response.ok) throw new Error(`no token at ${slug}: ${await response.text()}`);
  await response.json();
}
