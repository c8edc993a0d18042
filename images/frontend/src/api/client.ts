import axios, { isAxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from "axios";
import { toApiError, ApiError } from "./problem";
import { createRenewal } from "./renewal";
import type { Login } from "./types";

/** The store of the login: shared by all tabs in the application, a plain object in tests. */
export interface SessionPort {
  read(): Login | null;
  write(login: Login | null): void;
  /** Called when the login could not be renewed, to inform the user. */
  expired(): void;
}

export interface Api {
  http: AxiosInstance;
  session: SessionPort;
  /** Renews this login now, unless it was already renewed or ended. */
  renew: (login: Login) => Promise<void>;
}

/** A request with its user: it is never repeated for another user. */
type Attempt = InternalAxiosRequestConfig & { madeFor?: Login | null; retried?: boolean };

/** A list in a query repeats its name for each value, as the API expects; axios would add brackets. */
const repeated = { indexes: null };

/** Responses of these routes do not depend on the access token, so their 401 is final. */
const withoutToken = new Set(["/auth/login", "/auth/signup", "/auth/refresh", "/auth/token", "/auth/logout"]);

/**
 * An axios instance that sends the access token. If the API refuses it, the client renews it once by the refresh token and
 * repeats the request. Concurrent failed requests share one renewal, because each renewal rotates the refresh token.
 */
export function createApi(apiBaseUrl: string, session: SessionPort): Api {
  const http = axios.create({ baseURL: `${apiBaseUrl}/api/v1`, withCredentials: true, timeout: 15_000, paramsSerializer: repeated });
  const renew = createRenewal(http, session);

  http.interceptors.request.use((request: Attempt) => {
    request.madeFor = withoutToken.has(request.url ?? "") ? null : session.read();
    if (request.madeFor) {
      request.headers.setAuthorization(`Bearer ${request.madeFor.accessToken}`);
    }
    return request;
  });

  http.interceptors.response.use(undefined, async (error: unknown) => {
    const failure = toApiError(error);
    const request = isAxiosError(error) ? (error.config as Attempt | undefined) : undefined;
    const refused = failure instanceof ApiError && failure.status === 401;
    if (!request?.madeFor || !refused || request.retried) {
      throw failure;
    }
    await renew(request.madeFor);
    if (session.read()?.user.id !== request.madeFor.user.id) {
      throw failure;
    }
    request.retried = true;
    return http.request(request);
  });

  return { http, session, renew };
}
