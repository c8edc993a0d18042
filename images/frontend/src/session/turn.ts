/**
 * Runs what changes the refresh token when no other tab does. Browsers offer locks to secure pages only; elsewhere each tab
 * gets a token of its own, and the API takes the one that is used first. The same goes for browsers that refuse locks, as
 * Chromium does where site data is blocked.
 */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  // Absent over plain HTTP, whatever its type says.
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
