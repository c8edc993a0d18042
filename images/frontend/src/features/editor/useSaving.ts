import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/context";
import { ApiError, isGone } from "../../api/problem";
import { fetchRecipe, type Recipe } from "../../api/recipes";
import { useNavigateFromHere } from "../../components/useNavigateFromHere";
import type { Sent } from "./createOnce";
import { bodyOf, type Draft } from "./draft";
import { useSave } from "./queries";
import { refusedControls } from "./refused";

interface Options {
  id: string;
  draft: Draft;
  version: number | null;
  /** The recipe no longer exists, so the draft is saved as a new one. */
  gone: boolean;
  /** The create request that was already sent. */
  sent: Sent;
  /** Called after the draft was saved as a recipe. */
  onSaved: () => void;
  onRefused: (details: Record<string, string>) => void;
  onTheirs: (recipe: Recipe) => void;
}

/** Saves the open draft, and offers the options if the API rejects it. */
export function useSaving({ id, draft, version, gone, sent, onSaved, onRefused, onTheirs }: Options) {
  const api = useApi();
  const navigate = useNavigateFromHere();
  const [goneSince, setGoneSince] = useState(false);
  const asNew = gone || goneSince;
  const noteIfGone = (error: Error) => {
    if (isGone(error)) {
      setGoneSince(true);
    }
  };
  const save = useSave(id, sent, (recipe) => {
    onSaved();
    void navigate(`/recipes/${recipe.id}`, { replace: true });
  });
  // After a conflict: the current recipe, requested once the user has chosen.
  const current = useMutation({ mutationFn: () => fetchRecipe(api, id), onError: noteIfGone });

  const send = (as: number | null) =>
    save.mutate(
      { body: bodyOf(draft), version: asNew ? null : as },
      {
        onError: (error) => {
          noteIfGone(error);
          onRefused(error instanceof ApiError ? refusedControls(error.fields, draft) : {});
        },
      },
    );
  return {
    asNew,
    busy: save.isPending || current.isPending,
    error: save.error,
    stillOpen: current.error,
    send: () => {
      current.reset();
      send(version);
    },
    saveAgain: () => {
      sent.write(undefined);
      send(version);
    },
    overwrite: () => current.mutate(undefined, { onSuccess: (recipe) => send(recipe.version) }),
    takeTheirs: () =>
      current.mutate(undefined, {
        onSuccess: (recipe) => {
          onTheirs(recipe);
          save.reset();
        },
      }),
  };
}
