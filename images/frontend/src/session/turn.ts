/**
 * Runs what changes the refresh token when no other tab does. Browsers offer locks to secure pages only; elsewhere each tab
 * gets a token of its own, and the API takes the one that is used first.
 */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  // Absent over plain HTTP, whatever its type says.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? await locks.request("hankki.session", task) : await task();
}
