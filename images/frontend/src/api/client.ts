import axios, { isAxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from "axios";
import { ApiError, toApiError } from "./problem";
import type { Login } from "./types";

/** Where the client keeps the login; the page's store in the application, a plain object in tests. */
export interface SessionPort {
  read(): Login | null;
  write(login: Login | null): void;
  /** The login could not be renewed: tell the person. */
  expired(): void;
}

export interface Api {
  http: AxiosInstance;
  session: SessionPort;
}

type Attempt = InternalAxiosRequestConfig & { retried?: boolean };

/** Answers of these say nothing about the access token, so a 401 from them is final. */
const withoutToken = new Set(["/auth/login", "/auth/signup", "/auth/refresh", "/auth/logout"]);

/**
 * An axios instance that carries the access token and, when the API refuses it, renews it once by the refresh cookie
 * and repeats the request. Requests that fail together share one renewal, since each renewal rotates the cookie.
 */
export function createApi(apiBaseUrl: string, session: SessionPort): Api {
  const http = axios.create({ baseURL: `${apiBaseUrl}/api/v1`, withCredentials: true, timeout: 15_000 });
  let renewal: Promise<Login> | undefined;

  const renew = (): Promise<Login> => {
    renewal ??= http
      .post<Login>("/auth/refresh")
      .then(({ data }) => {
        session.write(data);
        return data;
      })
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };

  const renewOrForget = async (): Promise<void> => {
    try {
      await renew();
    } catch (error) {
      // Only a refusal ends the login: an API that is down or unreachable says nothing about it.
      if (error instanceof ApiError && error.status === 401) {
        session.write(null);
        session.expired();
      }
      throw error;
    }
  };

  http.interceptors.request.use((request) => {
    const login = session.read();
    if (login && !withoutToken.has(request.url ?? "")) {
      request.headers.setAuthorization(`Bearer ${login.accessToken}`);
    }
    return request;
  });

  http.interceptors.response.use(undefined, async (error: unknown) => {
    const request = isAxiosError(error) ? (error.config as Attempt | undefined) : undefined;
    const failure = toApiError(error);
    const refused = failure instanceof ApiError && failure.status === 401;
    if (!request || !refused || request.retried || withoutToken.has(request.url ?? "")) {
      throw failure;
    }
    const login = session.read();
    if (!login) {
      throw failure;
    }
    // Another tab, or a request before this one, may have renewed it already.
    const usedToken = request.headers.get("Authorization");
    if (usedToken === `Bearer ${login.accessToken}`) {
      await renewOrForget();
    }
    request.retried = true;
    return http.request(request);
  });

  return { http, session };
}
