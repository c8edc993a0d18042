import { useLocation, useNavigate } from "react-router";
import { explain } from "../../api/explain";
import { useTranslation } from "../../i18n";
import type { LoginState } from "../../session/loginState";
import styles from "./FavouriteButton.module.css";
import { useFavourite } from "./useFavourite";

/** A heart. Without a login it opens the login page; after the login the recipe is added (see LoggedIn). */
export function FavouriteButton({ recipeId, title }: { recipeId: number; title: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { loggedIn, favourite, toggle, error } = useFavourite(recipeId);
  const askToLogIn = () => {
    const state: LoginState = { from: pathname + search, favourite: { id: recipeId, title } };
    void navigate("/login", { state });
  };
  return (
    <>
      <button
        type="button"
        className={styles.heart}
        aria-pressed={favourite}
        aria-label={t.favourite(title)}
        onClick={() => (loggedIn ? toggle() : askToLogIn())}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 20.5 4.3 12.9a5 5 0 0 1 7-7.1l.7.7.7-.7a5 5 0 0 1 7 7.1Z" />
        </svg>
      </button>
      {error && (
        <span className={styles.failure} role="alert">
          {explain(error, t)}
        </span>
      )}
    </>
  );
}
