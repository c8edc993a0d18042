import type { Api } from "./client";
import { ApiError } from "./problem";
import type { Login, User } from "./types";

export interface Credentials {
  email: string;
  password: string;
}

export interface NewAccount extends Credentials {
  name: string;
}

export async function signUp({ http }: Api, account: NewAccount): Promise<User> {
  const { data } = await http.post<{ user: User }>("/auth/signup", account);
  return data.user;
}

export async function logIn({ http, session }: Api, credentials: Credentials): Promise<Login> {
  const { data } = await http.post<Login>("/auth/login", credentials);
  session.write(data);
  return data;
}

/** Forgets the login on this device whatever the API says; resolves to whether the API ended its session too. */
export async function logOut({ http, session }: Api): Promise<boolean> {
  try {
    await http.post("/auth/logout");
    return true;
  } catch (error) {
    // 401: the API had no session to end.
    return error instanceof ApiError && error.status === 401;
  } finally {
    session.write(null);
  }
}

export async function fetchMe({ http }: Api, signal: AbortSignal): Promise<User> {
  const { data } = await http.get<User>("/me", { signal });
  return data;
}
