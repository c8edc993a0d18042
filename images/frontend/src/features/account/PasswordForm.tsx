import { changePassword } from "../../api/auth";
import { useApi } from "../../api/context";
import type { User } from "../../api/types";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { useForm } from "../../components/useForm";
import { useTexts, useTranslation } from "../../i18n";
import { accountTexts } from "../../i18n/account";
import { checkFilled, checkNewPassword, explainPassword, onlyErrors } from "./checks";
import { Outcome, Section } from "./Section";
import styles from "./Section.module.css";

export function PasswordForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const api = useApi();
  const { field, failure, busy, done, onSubmit } = useForm({
    initial: { currentPassword: "", newPassword: "" },
    clearWhenDone: true,
    check: ({ currentPassword, newPassword }) =>
      onlyErrors({
        currentPassword: checkFilled(currentPassword, a.missing.password),
        newPassword: checkNewPassword(newPassword, a),
      }),
    refusals: { newPassword: a.passwordLength },
    submit: (change) => changePassword(api, change),
  });
  return (
    <Section title={a.passwordTitle} lead={a.passwordLead}>
      <form className={styles.form} noValidate onSubmit={onSubmit}>
        {/* Tells a password manager which account's password changes. */}
        <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
        <Field {...field("currentPassword")} label={a.currentPassword} type="password" maxLength={128} autoComplete="current-password" required />
        <Field {...field("newPassword")} label={a.newPassword} hint={a.passwordHint} type="password" maxLength={128} autoComplete="new-password" required />
        <Outcome failure={failure && explainPassword(failure, t, a)} done={done ? a.passwordChanged : null} />
        <div className={styles.actions}>
          <Button type="submit" busy={busy}>
            {a.changePassword}
          </Button>
        </div>
      </form>
    </Section>
  );
}
