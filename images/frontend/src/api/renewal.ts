import type { AxiosInstance } from "axios";
import { inTurn } from "../session/turn";
import type { SessionPort } from "./client";
import { ApiError } from "./problem";
import type { Login } from "./types";

/** While a release rolls out: how often a pod of this version is sought, and how many milliseconds lie between. */
const attempts = 3;
const pause = 300;

/**
 * Exchanges the refresh token for a new access token: once for all requests of this tab, and in step with the other tabs.
 * The token is the one that the page keeps, else the cookie's. The API gives the page none to keep where the cookie came
 * back to it (docs/decisions/0014-refresh-tokens.md).
 */
export function createRenewal(http: AxiosInstance, session: SessionPort): (used: Login) => Promise<void> {
  let running: Promise<void> | undefined;

  const isCurrent = (used: Login) => session.read()?.accessToken === used.accessToken;

  const exchange = async (used: Login): Promise<void> => {
    for (let attempt = 1; isCurrent(used); attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        const { data } = await post(http, used);
        // Whoever logged out while this was on its way stays logged out.
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
      await inTurn(() => exchange(used));
    } catch (error) {
      if (!isCurrent(used)) {
        return; // another tab has renewed it meanwhile, or logged out
      }
      // Only a refusal ends the login: an API that is down or unreachable says nothing about it.
      if (error instanceof ApiError && error.status === 401) {
        session.write(null);
        session.expired();
      }
      throw error;
    }
  };

  return async (used) => {
    if (!isCurrent(used)) {
      return; // another tab, or a request before this one, has renewed it already
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
 * Pods of the version before answer beside those of this one for a while. They say nothing about a token in the body, for
 * they don't know its address, and ask a tab that came second to try again.
 */
function isOfVersionBefore(error: unknown, { refreshToken }: Login): error is ApiError {
  return error instanceof ApiError && (error.problem === "refresh-superseded" || (error.status === 404 && refreshToken !== undefined));
}
