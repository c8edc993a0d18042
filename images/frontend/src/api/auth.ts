import { withLock } from "../session/lock";
import type { Api } from "./client";
import { ApiError } from "./problem";
import type { Credentials, Login, NewAccount, PasswordChange, User } from "./types";

/** The API returns the same response for a free and a known address; the next login shows which. */
export async function signUp({ http }: Api, account: NewAccount): Promise<void> {
  await http.post("/auth/signup", account);
}

/**
 * Logs in and then refreshes once, without waiting for it: so the API learns whether the browser sends the cookie, and the
 * page stores a refresh token only if it does not. If this refresh fails, the next one has the same effect.
 */
export async function logIn({ http, session, renew }: Api, credentials: Credentials): Promise<Login> {
  const login = await withLock(async () => {
    const { data } = await http.post<Login>("/auth/login", credentials, { params: { refreshToken: "body" } });
    session.write(data);
    return data;
  });
  if (login.refreshToken) {
    renew(login).catch(() => {});
  }
  return login;
}

/** Removes the login from this device at once. Resolves to whether the API has ended its session too. */
export async function logOut({ http, session }: Api): Promise<boolean> {
  const refreshToken = session.read()?.refreshToken;
  session.write(null);
  try {
    await withLock(() => http.post("/auth/logout", refreshToken && { refreshToken }));
    return true;
  } catch (error) {
    // 401: the API had no session to end.
    return error instanceof ApiError && error.status === 401;
  }
}

export async function logOutEverywhere({ http, session }: Api): Promise<void> {
  await http.post("/auth/logout-all");
  session.write(null);
}

export async function fetchMe({ http }: Api, signal: AbortSignal): Promise<User> {
  const { data } = await http.get<User>("/me", { signal });
  return data;
}

export async function rename({ http, session }: Api, name: string): Promise<User> {
  const { data } = await http.patch<User>("/me", { name });
  const login = session.read();
  if (login?.user.id === data.id) {
    session.write({ ...login, user: data });
  }
  return data;
}

export async function changePassword({ http }: Api, change: PasswordChange): Promise<void> {
  await http.put("/me/password", change);
}

export async function deleteAccount({ http, session }: Api, password: string): Promise<void> {
  await http.post("/me/deletion", { password });
  session.write(null);
}
