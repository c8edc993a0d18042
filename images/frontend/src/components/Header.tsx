import { Link, NavLink } from "react-router";
import { useTranslation } from "../i18n";
import { useLogOut, useVerifiedUser } from "../session/useSession";
import { Button, ButtonLink } from "./Button";
import styles from "./Header.module.css";
import { Logo } from "./Logo";

export function Header() {
  const { t } = useTranslation();
  const user = useVerifiedUser();
  const logOut = useLogOut();
  const places = [
    ["/", t.recipes],
    ["/shopping-list", t.shoppingList],
    ["/prices", t.prices],
    ...(user
      ? [
          ["/favourites", t.favourites],
          ["/my-recipes", t.myRecipes],
          ["/recipes/new", t.newRecipe],
        ]
      : []),
  ] as [string, string][];
  return (
    <header className={styles.header}>
      <nav className={styles.bar} aria-label={t.mainNavigation}>
        <Link className={styles.brand} to="/">
          <Logo />
          {t.siteName}
        </Link>
        <ul className={styles.places}>
          {places.map(([to, name]) => (
            <li key={to}>
              <NavLink className={styles.link ?? ""} to={to} end>
                {name}
              </NavLink>
            </li>
          ))}
        </ul>
        <div className={styles.account}>
          {user ? (
            <>
              <Link className={styles.user} to="/account" title={t.account} data-testid="user">
                {t.greeting(user.name)}
              </Link>
              <Button quiet onClick={() => void logOut()}>
                {t.logOut}
              </Button>
            </>
          ) : (
            <>
              <Link className={styles.link} to="/login">
                {t.logIn}
              </Link>
              <ButtonLink to="/signup">{t.signUp}</ButtonLink>
            </>
          )}
        </div>
      </nav>
    </header>
  );
}
