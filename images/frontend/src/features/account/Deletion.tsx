import { useState } from "react";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { useForm } from "../../components/useForm";
import { useTexts, useTranslation } from "../../i18n";
import { accountTexts } from "../../i18n/account";
import { useDeleteAccount } from "../../session/useSession";
import { checkFilled, explainPassword, onlyErrors } from "./checks";
import { Outcome, Section } from "./Section";
import styles from "./Section.module.css";

/** Two steps and the password, against a deletion by mistake or at an unattended screen. */
export function Deletion() {
  const a = useTexts(accountTexts);
  const [asked, setAsked] = useState(false);
  return (
    <Section title={a.deletionTitle} lead={a.deletionLead}>
      {asked ? (
        <Confirmation onCancel={() => setAsked(false)} />
      ) : (
        <div>
          <Button quiet onClick={() => setAsked(true)}>
            {a.deletionStart}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Confirmation({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const deleteAccount = useDeleteAccount();
  const { field, failure, busy, onSubmit } = useForm({
    initial: { password: "" },
    check: ({ password }) => onlyErrors({ password: checkFilled(password, a.missing.password) }),
    refusals: {},
    submit: ({ password }) => deleteAccount(password),
  });
  return (
    <form className={styles.form} noValidate onSubmit={onSubmit}>
      <Field {...field("password")} label={a.password} type="password" maxLength={128} autoComplete="current-password" required />
      <Outcome failure={failure && explainPassword(failure, t, a)} />
      <div className={styles.actions}>
        <Button type="submit" busy={busy}>
          {a.deletionConfirm}
        </Button>
        <Button quiet onClick={onCancel}>
          {a.cancel}
        </Button>
      </div>
    </form>
  );
}
