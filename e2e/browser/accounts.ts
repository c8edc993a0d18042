import { randomUUID } from "node:crypto";
import { expect, type APIRequestContext, type Locator, type Page } from "@playwright/test";
import { readEnvironment } from "./environment.ts";
import { goTo } from "./header.ts";

const { apiUrl } = readEnvironment();

export interface Account {
  name: string;
  email: string;
  password: string;
}

export function newAccount(): Account {
  const id = randomUUID().slice(0, 8);
  return { name: `요리사${id.slice(0, 4)}`, email: `cook-${id}@example.com`, password: newPassword() };
}

export const newPassword = (): string => `hankki-${randomUUID()}`;

export const loggedInAs = (page: Page, name: string): Locator => page.getByRole("navigation").getByText(`${name}님`);

type Credentials = Pick<Account, "email" | "password">;

/** These two fill and submit the open form. The caller checks the result. */
export async function submitSignUp(page: Page, { name, email, password }: Account): Promise<void> {
  await page.getByLabel("이름", { exact: true }).fill(name);
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호").fill(password);
  await page.getByRole("button", { name: "회원가입" }).click();
}

export async function submitLogin(page: Page, { email, password }: Credentials): Promise<void> {
  await page.getByLabel("이메일").fill(email);
  await page.getByLabel("비밀번호").fill(password);
  await page.getByRole("button", { name: "로그인" }).click();
}

/** These work on any page. */
export async function signUp(page: Page, account: Account): Promise<void> {
  await goTo(page, "회원가입");
  await submitSignUp(page, account);
  await expect(loggedInAs(page, account.name)).toBeVisible();
}

export async function tryToLogIn(page: Page, credentials: Credentials): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: "로그인" }).click();
  await submitLogin(page, credentials);
}

export async function logIn(page: Page, account: Account): Promise<void> {
  await tryToLogIn(page, account);
  await expect(loggedInAs(page, account.name)).toBeVisible();
}

const api = (path: string): string => new URL(`/api/v1${path}`, apiUrl).href;

/** Deletes the account with everything that the test created, unless the test has deleted the account itself. */
export async function deleteIfThere(request: APIRequestContext, { email, password }: Account): Promise<void> {
  const login = await request.post(api("/auth/login"), { data: { email, password } });
  if (login.status() === 401) {
    return;
  }
  expect(login.status(), `login of ${email}, to delete it`).toBe(200);
  const { accessToken } = (await login.json()) as { accessToken: string };
  const deletion = await request.post(api("/me/deletion"), { data: { password }, headers: { Authorization: `Bearer ${accessToken}` } });
  expect(deletion.status(), `deletion of ${email}`).toBe(204);
}
