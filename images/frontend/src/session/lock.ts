/**
 * Runs a change of the refresh token while no other tab changes it. Browsers offer locks only to secure pages. Without a lock each
 * tab gets its own token, and the API accepts the one that is used first. Some browsers refuse locks on secure pages too, as
 * Chromium does if site data is blocked.
 */
export async function withLock<T>(task: () => Promise<T>): Promise<T> {
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
