import { expect, type Page } from "@playwright/test";
import { signUp, type Account } from "./accounts.ts";
import { goTo } from "./header.ts";
import { amountOf, cards, costPerMeal, fillIn, openMyRecipes, openRecipe, save, saveAs } from "./recipes.ts";
import { show, variants, type Variant } from "./variants.ts";
import type { Watch } from "./watch.ts";

interface Tour {
  page: Page;
  /** Not signed up yet. */
  account: Account;
  seen: Watch;
  /** Called at each stop, in each variant, when the page has loaded. */
  stop: (name: string, variant: Variant) => Promise<void>;
}

type Leg = Omit<Tour, "stop"> & { stop: (name: string) => Promise<void> };

/** Opens every page of the site and its visually different states: first as a visitor, then as a cook. */
export async function tour({ stop, ...rest }: Tour): Promise<void> {
  const leg: Leg = {
    ...rest,
    stop: async (name) => {
      for (const variant of variants) {
        await show(rest.page, variant);
        await stop(name, variant);
      }
    },
  };
  await browse(leg);
  await shop(leg);
  await comeIn(leg);
  await cook(leg);
  await keep(leg);
}

async function browse({ page, seen, stop }: Leg): Promise<void> {
  await page.goto("/");
  await expect(cards(page).first()).toBeVisible();
  await stop("recipes");
  // The last variant is a phone.
  await page.getByRole("button", { name: "조건", exact: true }).click();
  await expect(page.getByRole("group", { name: "조건" })).toBeVisible();
  await stop("recipes-filters");

  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "What does one meal cost?" })).toBeVisible();
  await stop("recipes-english");
  await page.getByRole("button", { name: "한국어" }).click();

  await page.goto("/?q=우주식");
  await expect(page.getByText("‘우주식’에 맞는 요리가 없어요.")).toBeVisible();
  await stop("recipes-none");

  const recipes = /\/api\/v1\/recipes/u;
  await page.route(recipes, (route) => route.abort("connectionrefused"));
  for (const [name, path] of [["recipes-unreachable", "/"], ["recipe-unreachable", "/recipes/1"]] as const) {
    await page.goto(path);
    await expect(page.getByRole("alert").getByText(/서버에 닿지 못했어요/u)).toBeVisible();
    await stop(name);
  }
  await page.unroute(recipes);
  expect(seen.take().filter((text) => !text.includes("ERR_CONNECTION_REFUSED"))).toEqual([]);

  await openRecipe(page, "김치찌개");
  await page.getByText("표로 보기").click();
  await page.getByRole("checkbox").first().check();
  await stop("recipe");

  await page.goto("/nowhere");
  await expect(page.getByRole("heading", { name: "찾으시는 페이지가 없어요." })).toBeVisible();
  await stop("not-found");
}

async function shop({ page, stop }: Leg): Promise<void> {
  await page.goto("/shopping-list");
  await expect(page.getByText("담은 요리가 없어요.")).toBeVisible();
  await stop("shopping-list-empty");
  for (const title of ["김치찌개", "계란찜"]) {
    await openRecipe(page, title);
    await page.getByRole("button", { name: /장보기에 담기$/u }).click();
  }
  await goTo(page, "장보기");
  await page.getByRole("checkbox").first().check();
  await stop("shopping-list");

  await page.goto("/prices");
  await expect(page.getByRole("table")).toBeVisible();
  await stop("prices");
  await page.goto("/prices?q=우주식");
  await expect(page.getByRole("link", { name: "로그인하고 새 재료 더하기" })).toBeVisible();
  await stop("prices-none");
}

async function comeIn({ page, account, stop }: Leg): Promise<void> {
  await page.goto("/login");
  await page.getByRole("button", { name: "로그인" }).click();
  await expect(page.getByLabel("이메일")).toBeFocused();
  await stop("login");
  await page.goto("/signup");
  await page.getByRole("button", { name: "회원가입" }).click();
  await expect(page.getByLabel("이름", { exact: true })).toBeFocused();
  await stop("signup");
  await signUp(page, account);
}

async function cook({ page, stop }: Leg): Promise<void> {
  await openMyRecipes(page);
  await expect(page.getByText("아직 적은 요리가 없어요.")).toBeVisible();
  await stop("my-recipes-empty");

  await goTo(page, "요리 쓰기");
  await save(page);
  await expect(page.getByLabel("요리 이름")).toBeFocused();
  await page.getByRole("combobox", { name: "재료 1", exact: true }).fill("두부");
  await expect(page.getByRole("option", { name: "두부", exact: true })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await stop("editor-empty");
  await page.reload();
  await page.getByRole("button", { name: "적던 것 버리기" }).click();

  const dish = {
    title: "달걀 두부찜",
    servings: 2,
    ingredients: [
      { name: "두부", quantity: 300 },
      { name: "달걀", quantity: 3 },
      { name: "대파", quantity: 30 },
    ],
    steps: ["두부를 으깨고 대파를 송송 썰어요.", "달걀을 풀어 섞고, 김이 오른 찜통에 12분 쪄요."],
  };
  await fillIn(page, dish);
  await page.getByLabel("한 줄 소개").fill("부드럽고 든든한 한 그릇");
  await page.getByLabel("종류").fill("찜, 반찬");
  await expect(costPerMeal(page)).toBeVisible();
  await page.reload();
  await expect(costPerMeal(page)).toBeVisible();
  await stop("editor");
  await saveAs(page, dish.title);
  await page.getByRole("button", { name: "지우기", exact: true }).click();
  await expect(page.getByRole("button", { name: "그냥 둘래요" })).toBeFocused();
  await stop("recipe-own");
  await openMyRecipes(page);
  await expect(cards(page)).toHaveCount(1);
  await stop("my-recipes");

  await page.goto("/recipes/1/edit");
  await expect(page.getByText("다른 사람의 요리는 고칠 수 없어요.")).toBeVisible();
  await stop("editor-not-yours");
}

async function keep({ page, account, stop }: Leg): Promise<void> {
  await page.goto("/favourites");
  await expect(page.getByText("아직 즐겨찾는 요리가 없어요.")).toBeVisible();
  await stop("favourites-empty");
  await page.goto("/?q=찌개");
  for (const place of [0, 1, 2]) {
    const heart = cards(page).nth(place).getByRole("button", { name: /즐겨찾기$/u });
    await heart.click();
    await expect(heart).toHaveAttribute("aria-pressed", "true");
  }
  await goTo(page, "즐겨찾기");
  await expect(cards(page)).toHaveCount(3);
  await stop("favourites");

  await page.goto("/prices?q=우주식");
  await page.getByRole("region", { name: "새 재료 더하기" }).getByRole("button").click();
  await expect(page.getByLabel("값 (원)")).toBeFocused();
  await stop("prices-add");
  await page.goto("/prices?q=두부");
  await page.getByRole("link", { name: "두부", exact: true }).click();
  await page.getByText("표로 보기").click();
  await expect(page.getByRole("img", { name: /번의 값/u })).toBeVisible();
  await stop("ingredient");
  await reportAgain(page);
  await stop("ingredient-reported");

  await page.getByTestId("user").click();
  await expect(page.getByText(account.email)).toBeVisible();
  await stop("account");
  await page.getByRole("button", { name: "계정을 지우려고 해요" }).click();
  await stop("account-deletion");
}

/** Reports the current price again, so that the costs of other tests do not change. The list of changed recipes is a fixed response. */
async function reportAgain(page: Page): Promise<void> {
  const items = [
    { id: 1, title: "돼지고기 두부 김치찜", costPerMealBefore: 12_345, costPerMeal: 13_579, difference: 1_234 },
    { id: 2, title: "두부전", costPerMealBefore: 900, costPerMeal: 870, difference: -30 },
  ];
  await page.route(/\/moved-recipes$/u, async (route) => route.fulfill({ response: await route.fetch(), json: { items, total: 12 } }));
  const report = page.getByRole("region", { name: "새 값 알리기" });
  await report.getByLabel("값 (원)").fill(String(amountOf(await page.getByRole("main").locator("header").textContent())));
  await report.getByRole("button", { name: "새 값 알리기" }).click();
  await expect(page.getByRole("region", { name: "한 끼 값이 바뀐 요리" }).getByRole("row")).toHaveCount(3);
}
