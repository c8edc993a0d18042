import type { Api } from "../../api/client";
import { isRefused } from "../../api/once";
import { createRecipe, replaceRecipe, type Recipe, type RecipeBody } from "../../api/recipes";
import { randomId } from "../../device/randomId";

/** A create request that was sent, with or without a response. It is stored with the draft. */
export interface Creation {
  key: string;
  body: RecipeBody;
  /** Time of the first request, in milliseconds; missing in drafts of earlier releases. */
  at?: number;
}

/** The first request is so old that the same request might create a second recipe. */
export class MayExist extends Error {}

/** Milliseconds: an hour less than the API keeps a key (images/backend/app/idempotency.py). */
const keyLifetime = 23 * 3_600_000;

export interface Sent {
  read: () => Creation | undefined;
  write: (creation: Creation | undefined) => void;
}

/**
 * Creates one recipe from a draft, however often it is saved. After a lost response the same request is sent again, and later
 * changes of the draft then replace the recipe. MayExist if the response was lost too long ago: the user must decide.
 */
export async function createOnce(api: Api, body: RecipeBody, sent: Sent): Promise<Recipe> {
  const before = sent.read();
  if (before && Date.now() - (before.at ?? 0) > keyLifetime) {
    throw new MayExist();
  }
  const creation = before ?? { key: randomId(), body, at: Date.now() };
  sent.write(creation);
  let created: Recipe;
  try {
    created = await createRecipe(api, creation.body, creation.key);
  } catch (error) {
    if (!isRefused(error)) {
      throw error;
    }
    sent.write(undefined);
    if (!before) {
      throw error;
    }
    return await createOnce(api, body, sent);
  }
  const isSame = JSON.stringify(creation.body) === JSON.stringify(body);
  return isSame ? created : await replaceRecipe(api, created.id, { ...body, version: created.version });
}
