/** The API's documents, as /api/v1/openapi.json describes them. Money is whole won. */
export interface User {
  id: number | string;
  email: string;
  name: string;
}

export interface Login {
  accessToken: string;
  user: User;
}

export interface RecipeSummary {
  id: number | string;
  title: string;
  summary: string;
  servings: number;
  cookMinutes: number;
  costPerMeal: number;
}

export interface RecipePage {
  items: RecipeSummary[];
  nextCursor: string | null;
}

export interface Ingredient {
  name: string;
  quantity: number;
  unit: string;
  /** Won for the whole recipe's quantity. */
  cost: number;
}

export interface Recipe extends RecipeSummary {
  ingredients: Ingredient[];
  steps: string[];
}
