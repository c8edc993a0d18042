import type { AxiosInstance } from "axios";
import { inTurn } from "../session/turn";
import type { SessionPort } from "./client";
import { ApiError } from "./problem";
import type { Login } from "./types";

/** How long the tab that was first may take to share its token, and how often this tab asks again itself. */
const pause = 300;
const attempts = 3;

/** Exchanges the refresh cookie for a new access token: once for all requests of this tab, and in step with the other tabs. */
export function createRenewal(http: AxiosInstance, session: SessionPort): (used: Login) => Promise<void> {
  let running: Promise<void> | undefined;

  const isCurrent = (used: Login) => session.read()?.accessToken === used.accessToken;

  const exchange = async (used: Login): Promise<void> => {
    for (let attempt = 1; isCurrent(used); attempt += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        const { data } = await http.post<Login>("/auth/refresh");
        // Whoever logged out while this was on its way stays logged out.
        if (isCurrent(used)) {
          session.write(data);
        }
        return;
      } catch (error) {
        // Where there are no locks (plain HTTP), another tab may have been first; its cookie is the one to go on with.
        if (!(error instanceof ApiError && error.problem === "refresh-superseded" && attempt < attempts)) {
          throw error;
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
      // Only a refusal ends the login: an API that is down or unreachable says nothing about it.
      if (error instanceof ApiError && error.status === 401 && isCurrent(used)) {
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
