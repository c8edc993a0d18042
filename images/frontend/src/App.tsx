import { lazy } from "react";
import { Route, Routes } from "react-router";
import { Layout } from "./components/Layout";
import { RecipeListPage } from "./pages/RecipeListPage";
import { RequireLogin } from "./session/RequireLogin";

// Each page but the first is fetched when it is opened, so that none pays for the others.
const AccountPage = lazy(async () => ({ default: (await import("./pages/AccountPage")).AccountPage }));
const FavouritesPage = lazy(async () => ({ default: (await import("./pages/FavouritesPage")).FavouritesPage }));
const IngredientPage = lazy(async () => ({ default: (await import("./pages/IngredientPage")).IngredientPage }));
const LoginPage = lazy(async () => ({ default: (await import("./pages/LoginPage")).LoginPage }));
const MyRecipesPage = lazy(async () => ({ default: (await import("./pages/MyRecipesPage")).MyRecipesPage }));
const NotFoundPage = lazy(async () => ({ default: (await import("./pages/NotFoundPage")).NotFoundPage }));
const PricesPage = lazy(async () => ({ default: (await import("./pages/PricesPage")).PricesPage }));
const RecipeEditorPage = lazy(async () => ({ default: (await import("./pages/RecipeEditorPage")).RecipeEditorPage }));
const RecipePage = lazy(async () => ({ default: (await import("./pages/RecipePage")).RecipePage }));
const ShoppingListPage = lazy(async () => ({ default: (await import("./pages/ShoppingListPage")).ShoppingListPage }));
const SignUpPage = lazy(async () => ({ default: (await import("./pages/SignUpPage")).SignUpPage }));

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
        {/* Not taken away when the login runs out under one's hands: what is typed there would be lost. */}
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
