import type { AxiosInstance } from "axios";
import { withLock } from "../session/lock";
import type { SessionPort } from "./client";
import { ApiError } from "./problem";
import type { Login } from "./types";

/** During a rollout: attempts to reach a pod of this version, and milliseconds between them. */
const attempts = 3;
const pause = 300;

/**
 * Exchanges the refresh token for a new access token: once for all requests of this tab, and one tab at a time. It uses the
 * token that the page stores, otherwise the cookie's. If the browser sends the cookie, the API returns no token to store
 * (docs/decisions/0014-refresh-tokens.md).
 */
export function createRenewal(http: AxiosInstance, session: SessionPort): (used: Login) => Promise<void> {
  let running: Promise<void> | undefined;

  const isCurrent = (used: Login) => session.read()?.accessToken === used.accessToken;

  const exchange = async (used: Login): Promise<void> => {
    for (let attempt = 1; isCurrent(used); attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- the requests must be sequential
        const { data } = await post(http, used);
        // A logout during the request stays in effect.
        if (isCurrent(used)) {
          session.write(data);
        }
        return;
      } catch (error) {
        if (!isOfVersionBefore(error, used)) {
          throw error;
        }
        if (attempt === attempts) {
          throw new ApiError(503, error.message);
        }
        // oxlint-disable-next-line no-await-in-loop -- see above
        await new Promise((resolve) => {
          setTimeout(resolve, pause);
        });
      }
    }
  };

  const renewOrForget = async (used: Login): Promise<void> => {
    try {
      await withLock(() => exchange(used));
    } catch (error) {
      if (!isCurrent(used)) {
        return; // another tab has renewed the login or logged out
      }
      // Only a refusal ends the login; an outage of the API does not.
      if (error instanceof ApiError && error.status === 401) {
        session.write(null);
        session.expired();
      }
      throw error;
    }
  };

  return async (used) => {
    if (!isCurrent(used)) {
      return; // another tab or an earlier request has renewed it already
    }
    running ??= renewOrForget(used).finally(() => {
      running = undefined;
    });
    await running;
  };
}

async function post(http: AxiosInstance, { refreshToken }: Login) {
  return await (refreshToken ? http.post<Login>("/auth/token", { refreshToken }) : http.post<Login>("/auth/refresh"));
}

/**
 * During a rollout, pods of the previous version respond too. They do not know the route for a token in the body, and they
 * require the second of two tabs to try again.
 */
function isOfVersionBefore(error: unknown, { refreshToken }: Login): error is ApiError {
  return error instanceof ApiError && (error.problem === "refresh-superseded" || (error.status === 404 && refreshToken !== undefined));
}
