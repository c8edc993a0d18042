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
  PasswordChange,
  RecipeSummary,
  Signup as NewAccount,
  Tag,
  User,
} from "./schema";

/** A unit that a later API adds is shown as it came, so pages take any. */
type AnyUnit<T> = { [K in keyof T]: K extends "unit" | "priceUnit" ? string : T[K] };
type With<T, Changed> = Omit<T, keyof Changed> & Changed;

/** A pod of the version before tells no aliases. */
export type Ingredient = AnyUnit<Omit<schema.Ingredient, "aliases">> & Partial<Pick<schema.Ingredient, "aliases">>;
/** A pod of the version before tells no id. */
export type Price = Omit<schema.Price, "id"> & Partial<Pick<schema.Price, "id">>;
/** `confirm`: it is right although it is several times dearer or cheaper than the last. */
export type ReportedPrice = NewPrice & { confirm?: true };
export type NewPrice = Pick<schema.ReportedPrice, "price" | "per">;
export type IngredientLine = AnyUnit<schema.IngredientLine>;
export type RecipeIngredient = AnyUnit<schema.RecipeIngredient>;
/** A pod of the version before tells neither which recipes need it nor what a pack costs. */
export type ShoppingItem = AnyUnit<Omit<schema.Item, NewOfItem>> & Partial<Pick<schema.Item, NewOfItem>>;
type NewOfItem = "recipes" | "price" | "per" | "packs";
export type Recipe = With<schema.Recipe, { ingredients: RecipeIngredient[] }>;
export type NewRecipe = With<schema.NewRecipe, { ingredients: IngredientLine[] }>;
export type Tick = AnyUnit<schema.Tick>;
export type OwnList = With<schema.OwnList, { ticks: Tick[] }>;
export type ShoppingList = With<schema.ShoppingList, { items: ShoppingItem[]; packsTotal?: number }>;
