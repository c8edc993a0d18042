import { Link } from "react-router";
import { useLocaleSwitch, useTranslation } from "../i18n";
import { useLogOut, useVerifiedUser } from "../session/useSession";
import { Button, ButtonLink } from "./Button";
import styles from "./Header.module.css";
import { Logo } from "./Logo";

export function Header() {
  const { locale, t } = useTranslation();
  const switchLocale = useLocaleSwitch();
  const user = useVerifiedUser();
  const logOut = useLogOut();
  return (
    <header className={styles.header}>
      <nav className={styles.bar} aria-label={t.mainNavigation}>
        <Link className={styles.brand} to="/">
          <Logo />
          {t.siteName}
        </Link>
        <button type="button" className={styles.language} lang={locale === "ko" ? "en" : "ko"} onClick={switchLocale}>
          {t.switchLanguage}
        </button>
        {user ? (
          <>
            <span className={styles.user} data-testid="user">
              {t.greeting(user.name)}
            </span>
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
      </nav>
    </header>
  );
}
