import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useAtom, useSetAtom, useStore } from "jotai";
import { useEffect } from "react";
import { useApi } from "../../api/context";
import { ApiError } from "../../api/problem";
import { isWorthRetrying, mine } from "../../api/queries";
import { fetchOwnList, replaceOwnList, type OwnList } from "../../api/shopping";
import { storedAtom } from "../../device/storedAtom";
import { useUser } from "../../session/useSession";
import { choiceAtom, choose, overflowAtom, ticksAtom } from "./choice";
import { isSame, merge } from "./merge";
import { isChosen, isTick, listOf } from "./stored";

/** The last synchronised list; null before the first synchronisation. */
interface Synced extends OwnList {
  userId: number;
}

function readSynced(stored: unknown): Synced | null {
  const { userId, version, recipes, ticks } = (stored ?? {}) as Partial<Synced>;
  const isStored = Number.isSafeInteger(userId) && Number.isSafeInteger(version);
  return isStored ? { userId: Number(userId), version: Number(version), recipes: listOf(isChosen)(recipes), ticks: listOf(isTick)(ticks) } : null;
}

const syncedAtom = storedAtom("hankki.shopping.synced", readSynced);
const nothing = { recipes: [], ticks: [] };

/**
 * Synchronises this device's list with the account's while a page with the list is open and the user is logged in. A change that
 * could not be sent stays a difference to the last synchronised list, and is sent after the next fetch of the account's list.
 */
export function useSyncedList(): void {
  const api = useApi();
  const store = useStore();
  const queryClient = useQueryClient();
  const userId = useUser()?.id;
  const [recipes, setRecipes] = useAtom(choiceAtom);
  const [ticks, setTicks] = useAtom(ticksAtom);
  const [synced, setSynced] = useAtom(syncedAtom);
  const setOverflow = useSetAtom(overflowAtom);
  const queryKey = [mine, userId, "shopping-list"];
  const { data: theirs, dataUpdatedAt } = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchOwnList(api, signal),
    enabled: userId !== undefined,
    staleTime: 0,
    refetchInterval: 30_000,
  });
  const { mutate: send } = useMutation({
    // Requests run one at a time, each with the current list. After a logout none is sent.
    scope: { id: "shopping-list" },
    mutationFn: async () => {
      const base = store.get(syncedAtom);
      const list = { recipes: store.get(choiceAtom), ticks: store.get(ticksAtom) };
      if (!base || base.userId !== userId || isSame(list, base)) {
        return null;
      }
      return await replaceOwnList(api, { version: base.version, ...list });
    },
    retry: isWorthRetrying,
    onSuccess: (agreed) => {
      if (agreed && userId !== undefined) {
        // First, because otherwise the synchronised list would look like a change of another device.
        setSynced({ userId, ...agreed });
        queryClient.setQueryData(queryKey, agreed);
      }
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) {
        void queryClient.refetchQueries({ queryKey });
      }
    },
  });

  useEffect(() => {
    // The time is a dependency too: a failed change is retried after each fetch of the account's list.
    if (userId === undefined || !theirs || dataUpdatedAt === 0) {
      return;
    }
    const list = { recipes, ticks };
    if (synced?.userId !== userId || synced.version < theirs.version) {
      const merged = merge(synced ?? nothing, list, theirs);
      setSynced({ userId, ...theirs });
      if (merged.left.length > 0) {
        setOverflow((before) => merged.left.reduce(choose, before));
      }
      if (!isSame(merged, list)) {
        setRecipes(merged.recipes);
        setTicks(merged.ticks);
      }
    } else if (!isSame(list, synced)) {
      send();
    }
  }, [userId, theirs, dataUpdatedAt, synced, recipes, ticks, send, setSynced, setOverflow, setRecipes, setTicks]);
}
