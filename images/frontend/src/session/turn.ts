/**
 * Runs what changes the refresh cookie when no other tab does. Browsers offer locks to secure pages only; elsewhere the
 * API tells the tab that came second (see api/renewal).
 */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  // Absent over plain HTTP, whatever its type says.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? await locks.request("hankki.session", task) : await task();
}
