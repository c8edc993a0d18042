import { Link, NavLink } from "react-router";
import { useLocaleSwitch, useTranslation } from "../i18n";
import { useLogOut, useVerifiedUser } from "../session/useSession";
import { crowded, useMedia } from "../styles/media";
import { Button, ButtonLink } from "./Button";
import styles from "./Header.module.css";
import { Logo } from "./Logo";
import { Menu } from "./Menu";

/** One row at every width: what does not fit is in a menu. */
export function Header() {
  const { locale, t } = useTranslation();
  const switchLocale = useLocaleSwitch();
  const user = useVerifiedUser();
  const logOut = useLogOut();
  const hasMenu = useMedia(user ? crowded.cook : crowded.visitor);
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
  const list = (
    <ul className={hasMenu ? styles.column : styles.places}>
      {places.map(([to, name]) => (
        <li key={to}>
          <NavLink className={styles.link ?? ""} to={to} end>
            {name}
          </NavLink>
        </li>
      ))}
    </ul>
  );
  const language = (
    <button type="button" className={styles.language} lang={locale === "ko" ? "en" : "ko"} onClick={switchLocale}>
      {t.switchLanguage}
    </button>
  );
  const account = user ? (
    <Link className={styles.user} to="/account" title={t.account} data-testid="user">
      {t.greeting(user.name)}
    </Link>
  ) : (
    <Link className={styles.link} to="/login">
      {t.logIn}
    </Link>
  );
  const comeOrGo = user ? (
    <Button quiet onClick={() => void logOut()}>
      {t.logOut}
    </Button>
  ) : (
    <ButtonLink to="/signup">{t.signUp}</ButtonLink>
  );
  return (
    <header className={styles.header}>
      <nav className={hasMenu ? `${styles.bar} ${styles.low}` : styles.bar} aria-label={t.mainNavigation}>
        <Link className={styles.brand} to="/">
          <Logo />
          {t.siteName}
        </Link>
        {!hasMenu && list}
        <div className={styles.account}>
          {!hasMenu && language}
          {account}
          {hasMenu && language}
          {hasMenu ? (
            <Menu>
              {list}
              {comeOrGo}
            </Menu>
          ) : (
            comeOrGo
          )}
        </div>
      </nav>
    </header>
  );
}
