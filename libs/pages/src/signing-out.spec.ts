import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { newNonce } from './page-headers.js';
import { renderSigningOut } from './signing-out.js';

const href = 'https://shop.example/bye';
const page = renderSigningOut(
  { href, frames: [{ name: 'Shop', src: 'https://shop.example/front' }] },
  { locale: 'en', nonce: newNonce(), branding: { tenantName: 'Acme' } },
);

/** The page's script in a window that loads, and whose time passes, when the test says so. */
function opened() {
  const [, script = ''] = /<script nonce="[^"]+">(.*)<\/script>/s.exec(page) ?? [];
  const gone: string[] = [];
  const run: Record<string, () => void> = {};
  runInNewContext(script, {
    document: { querySelector: (selector: string) => (selector === 'a.button' ? { href } : null) },
    location: { replace: (to: string) => gone.push(to) },
    addEventListener: (type: string, listener: () => void) => (run[type] = listener),
    setTimeout: (passed: () => void, after: number) => (run[String(after)] = passed),
  });
  return { gone, run };
}

it('goes on once its frames have loaded, and once alone', () => {
  const { gone, run } = opened();
  expect([Object.keys(run).sort(), gone]).toEqual([['4000', 'load'], []]);
  run['load']?.();
  run['4000']?.();
  expect(gone).toEqual([href]);
});

it('goes on after four seconds where one never does', () => {
  const { gone, run } = opened();
  run['4000']?.();
  run['load']?.();
  expect(gone).toEqual([href]);
});
