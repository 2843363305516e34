/** Asks until it holds, or until the time that it may take is over. Milliseconds. */
export async function eventually(holds: () => Promise<boolean>, within = 10_000): Promise<boolean> {
  const end = performance.now() + within;
  while (!(await holds())) if (performance.now() > end) return false;
  return true;
}
