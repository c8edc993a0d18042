import type { Login, Recipe, RecipeSummary } from "../../src/api/types";

export const login = (accessToken = "token-1"): Login => ({
  accessToken,
  user: { id: 7, email: "cook@example.com", name: "김요리" },
});

export const summary = (id: number, title: string, costPerMeal = 3200): RecipeSummary => ({
  id,
  title,
  summary: `${title} 만들기`,
  servings: 2,
  cookMinutes: 25,
  costPerMeal,
});

export const recipe: Recipe = {
  ...summary(1, "김치찌개"),
  ingredients: [
    { name: "김치", quantity: 300, unit: "g", cost: 2400 },
    { name: "두부", quantity: 0.5, unit: "piece", cost: 900 },
    { name: "고춧가루", quantity: 1, unit: "tbsp", cost: 3100 },
  ],
  steps: ["김치를 썰어요.", "끓여요."],
};
