/**
 * Runs a change of the refresh token while no other tab changes it. Browsers offer locks to secure pages only; elsewhere each
 * tab gets its own token, and the API accepts the one that is used first. The same holds for browsers that refuse locks, as
 * Chromium does if site data is blocked.
 */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  // Undefined over plain HTTP, despite its type.
  const locks = navigator.locks as LockManager | undefined;
  let begun = false;
  const begin = () => {
    begun = true;
    return task();
  };
  try {
    return await (locks ? locks.request("hankki.session", begin) : begin());
  } catch (error) {
    if (begun) {
      throw error;
    }
    return await task();
  }
}
