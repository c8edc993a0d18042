import type { Ingredient } from "../../src/api/ingredients";
import type { Recipe, RecipeSummary } from "../../src/api/recipes";
import type { Routes } from "./api";

export const summary = (id: number, title: string, costPerMeal = 3200): RecipeSummary => ({
  id,
  title,
  summary: `${title} 만들기`,
  servings: 2,
  cookMinutes: 25,
  costPerMeal,
  tags: ["찌개"],
  author: null,
});

/** 6,401 won in total: the exact parts are 2,400.4, 900 and 3,100.5. */
export const recipe: Recipe = {
  ...summary(1, "김치찌개", 3200),
  author: { name: "김요리" },
  authorId: 7,
  version: 3,
  createdAt: "2026-01-02T03:04:05Z",
  updatedAt: "2026-01-02T03:04:05Z",
  totalCost: 6401,
  ingredients: [
    { ingredientId: 11, name: "김치", quantity: 300.05, unit: "g", cost: 2400, price: 8000, per: 1000, priceUnit: "g" },
    { ingredientId: 12, name: "두부", quantity: 0.5, unit: "piece", cost: 900, price: 1800, per: 1, priceUnit: "piece" },
    { ingredientId: 13, name: "고춧가루", quantity: 1, unit: "tbsp", cost: 3101, price: 20670, per: 100, priceUnit: "ml" },
  ],
  steps: ["김치를 썰어요.", "끓여요."],
};

export const ingredient = (id: number, name: string, unit = "g", price = 8000, per = 1000): Ingredient => ({
  id,
  name,
  unit,
  price,
  per,
  updatedAt: "2026-03-04T12:00:00Z",
});

export const page = <T>(items: T[], nextCursor: string | null = null) => ({ body: { items, nextCursor } });

/** The routes that every page with recipes also requests. */
export const surroundings: Routes = {
  "GET /tags": () => ({ body: { items: [{ name: "찌개", count: 2 }, { name: "밥", count: 1 }] } }),
  "GET /recipes/1/cost-history": () => ({ body: { items: [] } }),
};
