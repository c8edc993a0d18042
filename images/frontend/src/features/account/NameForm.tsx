import { useQueryClient } from "@tanstack/react-query";
import { rename } from "../../api/auth";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { meKey } from "../../api/queries";
import type { User } from "../../api/types";
import { Field } from "../../components/Field";
import { oneLine } from "../../components/oneLine";
import { useForm } from "../../components/useForm";
import { useTexts, useTranslation } from "../../i18n";
import { accountTexts } from "../../i18n/account";
import { SubmitOrLogIn } from "../../session/SubmitOrLogIn";
import { useTyped } from "../../session/useTyped";
import { checkFilled, onlyErrors, refusals } from "./checks";
import { Outcome, Section } from "./Section";
import styles from "./Section.module.css";

export function NameForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const { field, values, failure, busy, done, onSubmit } = useForm({
    initial: useTyped({ name: user.name }),
    check: ({ name }) => onlyErrors({ name: checkFilled(name, a.missing.name) }),
    refusals: refusals(a),
    submit: async ({ name }) => {
      const renamed = await rename(api, oneLine(name));
      // A response that was requested before the change has the old name.
      await queryClient.cancelQueries({ queryKey: meKey(user) });
      queryClient.setQueryData(meKey(user), renamed);
    },
  });
  return (
    <Section title={a.renameTitle}>
      <form className={styles.form} noValidate onSubmit={onSubmit}>
        <Field {...field("name")} label={a.name} hint={a.nameHint} autoComplete="nickname" longest={50} required />
        <Outcome failure={failure && explain(failure, t)} done={done ? a.renamed : null} />
        <div className={styles.actions}>
          <SubmitOrLogIn busy={busy} values={values} logIn={a.logInToSave}>
            {a.save}
          </SubmitOrLogIn>
        </div>
      </form>
    </Section>
  );
}
