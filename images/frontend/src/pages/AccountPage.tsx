import { Deletion } from "../features/account/Deletion";
import { ExportData } from "../features/account/ExportData";
import { LogOutEverywhere } from "../features/account/LogOutEverywhere";
import { NameForm } from "../features/account/NameForm";
import { PasswordForm } from "../features/account/PasswordForm";
import { useTexts, useTranslation } from "../i18n";
import { accountTexts } from "../i18n/account";
import { useOwner, useUser } from "../session/useSession";
import styles from "./AccountPage.module.css";

/** When the session expires, a typed name stays; passwords and all other data are removed. */
export function AccountPage() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const loggedIn = useUser() !== null;
  const owner = useOwner();
  if (!owner) {
    return null;
  }
  return (
    <div className={styles.page} key={owner.id}>
      <title>{`${a.title} · ${t.siteName}`}</title>
      <div>
        <h1>{a.title}</h1>
        {loggedIn && <p className={styles.email}>{owner.email}</p>}
      </div>
      <NameForm user={owner} />
      {loggedIn && (
        <>
          <PasswordForm user={owner} />
          <ExportData />
          <LogOutEverywhere />
          <Deletion />
        </>
      )}
    </div>
  );
}
