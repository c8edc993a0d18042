import { useAtom } from "jotai";
import { useTranslation } from "../i18n";
import { noticeAtom } from "../session/store";
import styles from "./NoticeBar.module.css";

/** The live region always exists: screen readers announce only changes inside an existing one. */
export function NoticeBar() {
  const { t } = useTranslation();
  const [notice, setNotice] = useAtom(noticeAtom);
  return (
    <div role="status">
      {notice && (
        <div className={styles.bar}>
          <p>{t.notice[notice]}</p>
          <button type="button" className={styles.close} onClick={() => setNotice(null)}>
            {t.close}
          </button>
        </div>
      )}
    </div>
  );
}
