import { inTurn } from "../session/turn";
import type { Api } from "./client";
import { ApiError } from "./problem";
import type { Credentials, Login, NewAccount, PasswordChange, User } from "./types";

/** The API answers the same for a free and a taken address; logging in next tells. */
export async function signUp({ http }: Api, account: NewAccount): Promise<void> {
  await http.post("/auth/signup", account);
}

/**
 * Logs in and, without waiting for it, renews the login once: with that the API learns whether the cookie comes back, and
 * the page keeps a refresh token only if it does not. If this fails, the next renewal tells.
 */
export async function logIn({ http, session, renew }: Api, credentials: Credentials): Promise<Login> {
  const login = await inTurn(async () => {
    const { data } = await http.post<Login>("/auth/login", credentials, { params: { refreshToken: "body" } });
    session.write(data);
    return data;
  });
  if (login.refreshToken) {
    renew(login).catch(() => {});
  }
  return login;
}

/** Forgets the login on this device at once, whatever the API says; resolves to whether the API ended its session too. */
export async function logOut({ http, session }: Api): Promise<boolean> {
  const refreshToken = session.read()?.refreshToken;
  session.write(null);
  try {
    await inTurn(() => http.post("/auth/logout", refreshToken && { refreshToken }));
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
