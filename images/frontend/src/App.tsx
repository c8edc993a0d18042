import { Route, Routes } from "react-router";
import { Layout } from "./components/Layout";
import { usePrefetchIngredients } from "./features/prices/queries";
import { usePrefetchRecipe } from "./features/recipes/queries";
import { onDemand } from "./onDemand";
import { RecipeListPage } from "./pages/RecipeListPage";
import { RequireLogin } from "./session/RequireLogin";

// Each page but the first is loaded on demand, so that a visit does not load the code of other pages.
const AccountPage = onDemand("AccountPage", async () => (await import("./pages/AccountPage")).AccountPage);
const FavouritesPage = onDemand("FavouritesPage", async () => (await import("./pages/FavouritesPage")).FavouritesPage);
const IngredientPage = onDemand("IngredientPage", async () => (await import("./pages/IngredientPage")).IngredientPage);
const LoginPage = onDemand("LoginPage", async () => (await import("./pages/LoginPage")).LoginPage);
const MyRecipesPage = onDemand("MyRecipesPage", async () => (await import("./pages/MyRecipesPage")).MyRecipesPage);
const NotFoundPage = onDemand("NotFoundPage", async () => (await import("./pages/NotFoundPage")).NotFoundPage);
const PricesPage = onDemand("PricesPage", async () => (await import("./pages/PricesPage")).PricesPage, { useData: usePrefetchIngredients });
const RecipeEditorPage = onDemand("RecipeEditorPage", async () => (await import("./pages/RecipeEditorPage")).RecipeEditorPage);
const RecipePage = onDemand("RecipePage", async () => (await import("./pages/RecipePage")).RecipePage, { useData: usePrefetchRecipe });
const ShoppingListPage = onDemand("ShoppingListPage", async () => (await import("./pages/ShoppingListPage")).ShoppingListPage);
const SignUpPage = onDemand("SignUpPage", async () => (await import("./pages/SignUpPage")).SignUpPage);

export function App() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<RecipeListPage />} />
        <Route path="recipes/:id" element={<RecipePage />} />
        <Route path="shopping-list" element={<ShoppingListPage />} />
        <Route path="prices" element={<PricesPage />} />
        <Route path="prices/:id" element={<IngredientPage />} />
        <Route path="login" element={<LoginPage />} />
        <Route path="signup" element={<SignUpPage />} />
        <Route element={<RequireLogin />}>
          <Route path="favourites" element={<FavouritesPage />} />
          <Route path="my-recipes" element={<MyRecipesPage />} />
        </Route>
        {/* Stays open when the session expires: otherwise typed text would be lost. */}
        <Route element={<RequireLogin toEnter />}>
          <Route path="account" element={<AccountPage />} />
          <Route path="recipes/new" element={<RecipeEditorPage />} />
          <Route path="recipes/:id/edit" element={<RecipeEditorPage />} />
        </Route>
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}
