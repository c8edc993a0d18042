import { ButtonLink } from "../components/Button";
import message from "../components/Message.module.css";
import { useTranslation } from "../i18n";
import styles from "./NotFoundPage.module.css";

export function NotFoundPage({ what }: { what?: string }) {
  const { t } = useTranslation();
  const said = what ?? t.error.pageGone;
  return (
    <div className={styles.page}>
      <title>{`${said} · ${t.siteName}`}</title>
      <div className={message.message}>
        <h1 className={message.title}>{said}</h1>
        <ButtonLink quiet to="/">
          {t.backToList}
        </ButtonLink>
      </div>
    </div>
  );
}
