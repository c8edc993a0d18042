import { useTranslation } from "../i18n";
import { useTheme } from "../styles/theme";
import styles from "./Footer.module.css";

export function Footer() {
  const { t } = useTranslation();
  const [theme, switchTheme] = useTheme();
  return (
    <footer className={styles.footer}>
      <p>{t.footer}</p>
      <p>
        <button type="button" className={styles.switch} onClick={switchTheme}>
          {theme === "dark" ? t.toLight : t.toDark}
        </button>
      </p>
    </footer>
  );
}
