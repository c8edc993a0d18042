/**
 * The API's documents by the names the pages use, generated from its OpenAPI document (`npm run generate`). Money is whole won.
 */
import type * as schema from "./schema";

export type {
  Chosen,
  ChosenRecipe,
  Cost,
  CostPoint,
  LoggedIn as Login,
  Login as Credentials,
  MovedRecipes,
  OwnList,
  PasswordChange,
  RecipeSummary,
  Signup as NewAccount,
  Tag,
  Tick,
  User,
} from "./schema";

type With<T, Changed> = Omit<T, keyof Changed> & Changed;

/** Fields that a pod of the previous version does not return. */
type Newer<T, Keys extends keyof T> = Omit<T, Keys> & { [K in Keys]?: T[K] | undefined };

export type Ingredient = Newer<schema.Ingredient, "aliases" | "tablespoonGrams" | "aisle">;
export type Price = Newer<schema.Price, "id">;
/** `confirm`: the user confirmed a price that differs from the latest one by a large factor. */
export type ReportedPrice = NewPrice & { confirm?: true };
export type NewPrice = Pick<schema.ReportedPrice, "price" | "per">;
/** A unit of a later API version is sent back unchanged. */
export type IngredientLine = With<schema.IngredientLine, { unit: string }>;
export type RecipeIngredient = Newer<schema.RecipeIngredient, "tablespoonGrams">;
export type ShoppingItem = Newer<schema.Item, "recipes" | "price" | "per" | "packs" | "aLittle" | "aisle">;
export type Recipe = With<schema.Recipe, { ingredients: RecipeIngredient[] }>;
export type NewRecipe = With<schema.NewRecipe, { ingredients: IngredientLine[] }>;
export type ShoppingList = With<schema.ShoppingList, { items: ShoppingItem[]; packsTotal?: number }>;
