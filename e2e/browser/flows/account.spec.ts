import type { Page } from "@playwright/test";
import { loggedInAs, logIn, newPassword, submitLogin, tryToLogIn } from "../accounts.ts";
import { secondDevice } from "../devices.ts";
import { expect, test } from "../fixtures.ts";
import { watch } from "../watch.ts";

const section = (page: Page, name: string) => page.getByRole("region", { name });

test("a cook changes name and password, logs out everywhere and deletes the account", async ({ page, cook, browser, seen }) => {
  const openAccount = () => page.getByTestId("user").click();

  await test.step("a new name is shown at once, and stays", async () => {
    await openAccount();
    await expect(page.getByText(cook.email)).toBeVisible();
    const renaming = section(page, "이름 바꾸기");
    await renaming.getByLabel("이름", { exact: true }).fill("김한끼");
    await renaming.getByRole("button", { name: "저장" }).click();
    await expect(renaming.getByText("이름을 바꾸었어요.")).toBeVisible();
    await expect(loggedInAs(page, "김한끼")).toBeVisible();
    await page.reload();
    await expect(loggedInAs(page, "김한끼")).toBeVisible();
    cook.name = "김한끼";
  });

  const changing = section(page, "비밀번호 바꾸기");
  await test.step("a wrong password changes nothing", async () => {
    await changing.getByLabel("지금 비밀번호").fill("not-my-password");
    await changing.getByLabel("새 비밀번호").fill(newPassword());
    await changing.getByRole("button", { name: "비밀번호 바꾸기" }).click();
    await expect(changing.getByText("비밀번호가 맞지 않아요.")).toBeVisible();
    expect(seen.take()).toEqual([expect.stringMatching(/422.*\/api\/v1\/me\/password/u)]);
  });

  await test.step("a new password ends only the session of the other device", async () => {
    const other = await secondDevice(browser, cook);
    const former = cook.password;
    const password = newPassword();
    await changing.getByLabel("지금 비밀번호").fill(former);
    await changing.getByLabel("새 비밀번호").fill(password);
    await changing.getByRole("button", { name: "비밀번호 바꾸기" }).click();
    await expect(changing.getByText("비밀번호를 바꾸었어요.")).toBeVisible();
    cook.password = password;

    await other.page.getByTestId("user").click();
    await other.page.getByRole("button", { name: "모두 로그아웃" }).click();
    await expect(other.page.getByText("로그인한 지 오래되어 로그아웃되었어요.")).toBeVisible();
    await expect(other.page.getByRole("main").getByRole("link", { name: "로그인하고 저장" }), "a name that was typed would stay").toBeVisible();
    await expect(other.page.getByLabel("새 비밀번호")).toBeHidden();
    await tryToLogIn(other.page, { email: cook.email, password: former });
    await expect(other.page.getByText("이메일이나 비밀번호가 맞지 않아요.")).toBeVisible();
    expect(other.seen.take().filter((text) => !/401/u.test(text))).toEqual([]);
    await other.close();

    await page.reload();
    await expect(loggedInAs(page, cook.name)).toBeVisible();
  });

  await test.step("logout everywhere ends the sessions of all devices, including this one", async () => {
    const other = await secondDevice(browser, cook);
    await page.getByRole("button", { name: "모두 로그아웃" }).click();
    await expect(page.getByText("모든 기기에서 로그아웃했어요.")).toBeVisible();
    await expect(loggedInAs(page, cook.name)).toBeHidden();
    expect(await page.evaluate(() => localStorage.getItem("hankki.session"))).toBeNull();

    await other.page.getByTestId("user").click();
    await other.page.getByRole("button", { name: "모두 로그아웃" }).click();
    await expect(other.page.getByText("로그인한 지 오래되어 로그아웃되었어요.")).toBeVisible();
    expect(other.seen.take().filter((text) => !/401/u.test(text))).toEqual([]);
    await other.close();
  });

  await test.step("the account is deleted, only with the password", async () => {
    await logIn(page, cook);
    await openAccount();
    const deletion = section(page, "계정 지우기");
    await deletion.getByRole("button", { name: "계정을 지우려고 해요" }).click();
    await deletion.getByLabel("비밀번호").fill("not-my-password");
    await deletion.getByRole("button", { name: "영영 지우기" }).click();
    await expect(deletion.getByText("비밀번호가 맞지 않아요.")).toBeVisible();
    await deletion.getByLabel("비밀번호").fill(cook.password);
    await deletion.getByRole("button", { name: "영영 지우기" }).click();
    await expect(page.getByText("계정을 지웠어요. 그동안 고마웠어요.")).toBeVisible();
    expect(seen.take()).toEqual([expect.stringMatching(/422.*\/api\/v1\/me\/deletion/u)]);

    await tryToLogIn(page, cook);
    await expect(page.getByText("이메일이나 비밀번호가 맞지 않아요.")).toBeVisible();
    expect(seen.take()).toEqual([expect.stringMatching(/401.*\/api\/v1\/auth\/login/u)]);
  });
});

test("tabs of one browser show the same state", async ({ page, cook, context, seen: _ }) => {
  const tab = await context.newPage();
  const seenThere = await watch(tab);
  await tab.goto("/favourites");
  await expect(loggedInAs(tab, cook.name)).toBeVisible();
  await page.getByRole("button", { name: "로그아웃" }).click();
  await expect(tab.getByRole("heading", { level: 1, name: "로그인" })).toBeVisible();
  await submitLogin(tab, cook);
  await expect(tab.getByRole("heading", { level: 1, name: "즐겨찾기" })).toBeVisible();
  await expect(loggedInAs(page, cook.name)).toBeVisible();
  expect(seenThere.errors).toEqual([]);
});
