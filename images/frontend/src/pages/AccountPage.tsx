import { Deletion } from "../features/account/Deletion";
import { LogOutEverywhere } from "../features/account/LogOutEverywhere";
import { NameForm } from "../features/account/NameForm";
import { PasswordForm } from "../features/account/PasswordForm";
import { useTexts, useTranslation } from "../i18n";
import { accountTexts } from "../i18n/account";
import { useUser } from "../session/useSession";
import styles from "./AccountPage.module.css";

/** Inside RequireLogin: without a user there is nothing to show for the moment it takes to leave. */
export function AccountPage() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const user = useUser();
  if (!user) {
    return null;
  }
  return (
    <div className={styles.page} key={user.id}>
      <title>{`${a.title} · ${t.siteName}`}</title>
      <div>
        <h1>{a.title}</h1>
        <p className={styles.email}>{user.email}</p>
      </div>
      <NameForm user={user} />
      <PasswordForm user={user} />
      <LogOutEverywhere />
      <Deletion />
    </div>
  );
}
