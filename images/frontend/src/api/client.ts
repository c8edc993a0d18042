import axios, { isAxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from "axios";
import { toApiError, ApiError } from "./problem";
import { createRenewal } from "./renewal";
import type { Login } from "./types";

/** Where the client keeps the login: what all tabs share in the application, a plain object in tests. */
export interface SessionPort {
  read(): Login | null;
  write(login: Login | null): void;
  /** The login could not be renewed: tell the person. */
  expired(): void;
}

export interface Api {
  http: AxiosInstance;
  session: SessionPort;
  /** Renews this login now, unless it was renewed or ended meanwhile. */
  renew: (login: Login) => Promise<void>;
}

/** A request with whom it was made for: it is never repeated for somebody else. */
type Attempt = InternalAxiosRequestConfig & { madeFor?: Login | null; retried?: boolean };

/** A list in a query is its name once for each value, as the API reads it; axios would add brackets. */
const repeated = { indexes: null };

/** Answers of these say nothing about the access token, so a 401 from them is final. */
const withoutToken = new Set(["/auth/login", "/auth/signup", "/auth/refresh", "/auth/token", "/auth/logout"]);

/**
 * An axios instance that carries the access token and, when the API refuses it, renews it once by the refresh token
 * and repeats the request. Requests that fail together share one renewal, since each renewal rotates that token.
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
