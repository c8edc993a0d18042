import { expect, test } from "vitest";
import { sessionKey } from "../src/session/store";
import { surroundings } from "./support/catalogue";
import { login } from "./support/data";
import { openSite } from "./support/render";

const kept = (): unknown => JSON.parse(localStorage.getItem(sessionKey) ?? "null");

test("a name confirmed by the API does not restore a token that another tab has exchanged", async () => {
  const user = { ...login().user, name: "박요리" };
  const elsewhere = { ...login("new"), refreshToken: "t1" };
  await openSite(
    "/",
    {
      ...surroundings,
      "GET /me/favourites/ids": () => ({ body: { ids: [] } }),
      "GET /me": () => {
        localStorage.setItem(sessionKey, JSON.stringify(elsewhere));
        return { body: user };
      },
    },
    { ...login("old"), refreshToken: "t0" },
  );
  await expect.poll(kept).toMatchObject({ user });
  expect(kept()).toEqual({ ...elsewhere, user });
});
