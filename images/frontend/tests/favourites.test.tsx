import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { problem, type Routes } from "./support/api";
import { page, summary, surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { held } from "./support/held";
import { openSite } from "./support/render";

const stew = summary(1, "김치찌개");
const heart = { name: "김치찌개 즐겨찾기" };

function routes(): Routes {
  let ids: number[] = [];
  return {
    ...surroundings,
    "GET /me": () => ({ body: login().user }),
    "GET /recipes": () => page([stew]),
    "GET /me/favourites/ids": () => ({ body: { ids } }),
    "GET /me/favourites": () => page(ids.length > 0 ? [stew] : []),
    "PUT /me/favourites/1": () => {
      ids = [1];
      return { status: 204 };
    },
    "DELETE /me/favourites/1": () => {
      ids = [];
      return { status: 204 };
    },
  };
}

test("a favourite is added and removed", async () => {
  const { api, user } = await openSite("/", routes(), login());
  const button = await screen.findByRole("button", heart);
  expect(button).toHaveAttribute("aria-pressed", "false");
  // An earlier press would cancel the request for the favourites.
  await waitFor(() => expect(api.count("GET /me/favourites/ids")).toBe(1));
  await user.click(button);
  expect(button, "at once").toHaveAttribute("aria-pressed", "true");
  await waitFor(() => expect(api.count("GET /me/favourites/ids")).toBe(2));
  expect(button).toHaveAttribute("aria-pressed", "true");
  await user.click(button);
  await waitFor(() => expect(api.count("DELETE /me/favourites/1")).toBe(1));
  expect(button).toHaveAttribute("aria-pressed", "false");
});

test.each([
  ["in pages", [{ ids: [3, 2], nextCursor: "second" }, { ids: [1], nextCursor: null }]],
  ["all at once, by a pod of the previous version", [{ ids: [3, 2, 1] }]],
])("every favourite has a filled heart if the ids arrive %s", async (_, pages) => {
  const { api } = await openSite("/", { ...routes(), "GET /me/favourites/ids": ({ query }) => ({ body: pages[query.get("cursor") === "second" ? 1 : 0] }) }, login());
  await waitFor(() => expect(screen.getByRole("button", heart)).toHaveAttribute("aria-pressed", "true"));
  expect(api.count("GET /me/favourites/ids")).toBe(pages.length);
});

test("a favourite that could not be saved is reverted, with the cause", async () => {
  const { user } = await openSite("/", { ...routes(), "PUT /me/favourites/1": () => problem(503) }, login());
  const button = await screen.findByRole("button", heart);
  await user.click(button);
  expect(await screen.findByRole("alert")).toHaveTextContent("지금은 서버가 바빠요.");
  expect(button).toHaveAttribute("aria-pressed", "false");
});

const comeIn: Routes = {
  "POST /auth/login": () => ({ body: login() }),
  "POST /auth/signup": () => ({ status: 202, body: {} }),
};

async function logIn(user: Awaited<ReturnType<typeof openSite>>["user"]) {
  await user.type(screen.getByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse");
  await user.click(screen.getByRole("button", { name: "로그인" }));
}

test("a favourite added without a login opens the login with the reason, and is added after it", async () => {
  const { api, user } = await openSite("/?q=김치", { ...routes(), ...comeIn });
  await user.click(await screen.findByRole("button", heart));
  expect(await screen.findByText(/‘김치찌개’ 즐겨찾기는 계정에 담겨요/u)).toBeInTheDocument();
  await logIn(user);
  expect(await screen.findByText("로그인했고, 요리를 즐겨찾기에 담았어요.")).toBeInTheDocument();
  expect(await screen.findByRole("heading", { name: "‘김치’ 찾은 결과" })).toBeInTheDocument();
  expect(await screen.findByRole("button", heart)).toHaveAttribute("aria-pressed", "true");
  expect(api.count("PUT /me/favourites/1")).toBe(1);
});

test("a favourite is added after a sign-up too, even if the recipe is no longer on the page", async () => {
  let listed = [stew];
  const { api, user } = await openSite("/", { ...routes(), ...comeIn, "GET /recipes": () => page(listed) });
  await user.click(await screen.findByRole("button", heart));
  listed = [];
  await screen.findByRole("heading", { name: "로그인" });
  await user.click(within(screen.getByRole("main")).getByRole("link", { name: "회원가입" }));
  expect(await screen.findByText(/‘김치찌개’ 즐겨찾기는 계정에 담겨요/u)).toBeInTheDocument();
  await user.type(screen.getByLabelText("이름"), "김요리");
  await user.type(screen.getByLabelText("이메일"), "cook@example.com");
  await user.type(screen.getByLabelText("비밀번호"), "correct horse battery");
  await user.click(screen.getByRole("button", { name: "회원가입" }));
  await waitFor(() => expect(api.count("PUT /me/favourites/1")).toBe(1));
});

test("a favourite that could not be saved after the login is reported", async () => {
  const { user } = await openSite("/", { ...routes(), ...comeIn, "PUT /me/favourites/1": () => problem(503) });
  await user.click(await screen.findByRole("button", heart));
  await screen.findByRole("heading", { name: "로그인" });
  await logIn(user);
  expect(await screen.findByText(/즐겨찾기에 담지 못했어요/u)).toBeInTheDocument();
  expect(await screen.findByRole("button", heart)).toHaveAttribute("aria-pressed", "false");
});

test("a page that needs a login shows the reason; the login page alone shows a greeting", async () => {
  const { user } = await openSite("/favourites", { ...routes(), ...comeIn });
  expect(await screen.findByText("그 페이지는 로그인해야 볼 수 있어요. 마치면 바로 거기로 가요.")).toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: "로그인" }));
  expect(await screen.findByText("다시 만나 반가워요.")).toBeInTheDocument();
});

test("without a login, the page opens the login and requests no data of the user", async () => {
  const { api, user } = await openSite("/", routes());
  await user.click(await screen.findByRole("button", heart));
  expect(await screen.findByRole("heading", { name: "로그인" })).toBeInTheDocument();
  expect(api.calls.some(({ route }) => route.includes("favourites"))).toBe(false);
});

test("the page of favourites shows them, or how to add some", async () => {
  const { user } = await openSite("/favourites", routes(), login());
  expect(await screen.findByText("아직 즐겨찾는 요리가 없어요.")).toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: "요리 목록으로" }));
  await user.click(await screen.findByRole("button", heart));
  await user.click(screen.getByRole("link", { name: "즐겨찾기" }));
  expect(await screen.findByRole("article")).toHaveTextContent("김치찌개");
});

const pressed = async (is: boolean) => await waitFor(() => expect(screen.getByRole("button", heart)).toHaveAttribute("aria-pressed", String(is)));

test.each([2, 3, 4])("the last of %i quick presses determines the result, even if the first response is slow", async (times) => {
  const answers = routes();
  let kept = false;
  const put = held((call) => {
    kept = true;
    return answers["PUT /me/favourites/1"]?.(call) ?? {};
  });
  const remove: Routes[string] = (call) => {
    kept = false;
    return answers["DELETE /me/favourites/1"]?.(call) ?? {};
  };
  const { api, queryClient } = await openSite("/", { ...answers, "PUT /me/favourites/1": put.waiting, "DELETE /me/favourites/1": remove }, login());
  const button = await screen.findByRole("button", heart);
  await waitFor(() => expect(api.count("GET /me/favourites/ids")).toBe(1));
  for (let press = 0; press < times; press += 1) {
    fireEvent.click(button);
  }
  const wanted = times % 2 === 1;
  await pressed(wanted);
  await waitFor(() => expect(put.isAsked()).toBe(true));
  expect(api.count("DELETE /me/favourites/1"), "not before the first answer").toBe(0);
  while (queryClient.isMutating() > 0) {
    put.letGo();
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  expect(kept).toBe(wanted);
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  await pressed(wanted);
});

test("if the first of two presses fails, the second one determines the result", async () => {
  const put = held(() => problem(503));
  const { api, queryClient } = await openSite("/", { ...routes(), "PUT /me/favourites/1": put.waiting }, login());
  const button = await screen.findByRole("button", heart);
  await waitFor(() => expect(api.count("GET /me/favourites/ids")).toBe(1));
  fireEvent.click(button);
  await waitFor(() => expect(put.isAsked()).toBe(true));
  fireEvent.click(button);
  put.letGo();
  await waitFor(() => expect(queryClient.isMutating()).toBe(0));
  expect(api.count("DELETE /me/favourites/1")).toBe(1);
  await pressed(false);
});

test("the page of favourites shows one that is being added, even if the page was requested before", async () => {
  const answers = routes();
  const put = held(answers["PUT /me/favourites/1"] ?? (() => ({})));
  let asked = 0;
  let letGo = () => {};
  const list: Routes[string] = async (call) => {
    const answer = await answers["GET /me/favourites"]?.(call);
    asked += 1;
    if (asked === 1) {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
    }
    return answer ?? {};
  };
  const { user } = await openSite("/", { ...answers, "PUT /me/favourites/1": put.waiting, "GET /me/favourites": list }, login());
  await user.click(await screen.findByRole("button", heart));
  await user.click(screen.getByRole("link", { name: "즐겨찾기" }));
  await waitFor(() => expect([asked, put.isAsked()]).toEqual([1, true]));
  put.letGo();
  await waitFor(() => expect(asked).toBe(2));
  letGo();
  expect(await screen.findByRole("article")).toHaveTextContent("김치찌개");
});
