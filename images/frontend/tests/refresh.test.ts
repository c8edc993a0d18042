import { InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test, vi } from "vitest";
import { createQueryClient } from "../src/api/queries";
import { refresh } from "../src/api/refresh";
import { itemsOf } from "../src/components/itemsOf";

test.each(["a query", "an infinite query"])("%s that is loading for the first time during a change shows the change", async (kind) => {
  const queryClient = createQueryClient();
  let kept = "before";
  const answers: (() => void)[] = [];
  const queryFn = async () => {
    const read = kept;
    await new Promise<void>((resolve) => {
      answers.push(resolve);
    });
    return read;
  };
  const queryKey = ["kept"];
  const infinite = { queryKey, queryFn, initialPageParam: 0, getNextPageParam: () => null };
  const observer = kind === "a query" ? new QueryObserver(queryClient, { queryKey, queryFn }) : new InfiniteQueryObserver(queryClient, infinite);
  onTestFinished(observer.subscribe(() => {}));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  kept = "after";
  const refreshed = refresh(queryClient, queryKey);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  for (const answer of answers) {
    answer();
  }
  await refreshed;
  expect(JSON.stringify(queryClient.getQueryData(queryKey))).toContain("after");
});

test("loaded data stay during a reload, and data that no page shows are reloaded when one does", async () => {
  const queryClient = createQueryClient();
  queryClient.setQueryData(["known"], 1);
  await refresh(queryClient, ["known"], ["unknown"]);
  expect(queryClient.getQueryData(["known"])).toBe(1);
  expect(queryClient.getQueryState(["known"])?.isInvalidated).toBe(true);
});

test("an item that moved to a later page during paging is listed once, at its first position", () => {
  const pages = [{ items: [{ id: 1, won: 100 }, { id: 2, won: 200 }] }, { items: [{ id: 1, won: 300 }, { id: 3, won: 400 }] }];
  expect(itemsOf(pages)).toEqual([{ id: 1, won: 100 }, { id: 2, won: 200 }, { id: 3, won: 400 }]);
});
