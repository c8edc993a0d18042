import { useSetAtom } from "jotai";
import { Link, useLocation } from "react-router";
import { logIn } from "../api/auth";
import { useApi } from "../api/context";
import { explain } from "../api/explain";
import { ApiError } from "../api/problem";
import { AccountForm } from "../components/AccountForm";
import { Field } from "../components/Field";
import { useForm } from "../components/useForm";
import { leadOf } from "../features/account/lead";
import { checkEmail, checkFilled, onlyErrors, refusals } from "../features/account/checks";
import { LoggedIn } from "../features/favourites/LoggedIn";
import { useTexts, useTranslation } from "../i18n";
import { accountTexts } from "../i18n/account";
import type { LoginState } from "../session/loginState";
import { noticeAtom } from "../session/store";
import { useUser } from "../session/useSession";

export function LoginPage() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const api = useApi();
  const user = useUser();
  const setNotice = useSetAtom(noticeAtom);
  const { state } = useLocation() as { state: LoginState | null };
  const { field, failure, busy, onSubmit } = useForm({
    initial: { email: state?.email ?? "", password: "" },
    check: ({ email, password }) => onlyErrors({ email: checkEmail(email, a), password: checkFilled(password, a.missing.password) }),
    refusals: refusals(a),
    submit: async ({ email, password }) => {
      await logIn(api, { email: email.trim(), password });
      setNotice(null);
    },
  });
  // Also after a login in another tab.
  if (user) {
    return <LoggedIn state={state} />;
  }
  return (
    <>
      <title>{`${t.logIn} · ${t.siteName}`}</title>
      <AccountForm
        title={t.logIn}
        lead={leadOf(state, a) ?? a.logInLead}
        busy={busy}
        failure={failure && (failure instanceof ApiError && failure.status === 401 ? a.wrongCredentials : explain(failure, t))}
        onSubmit={onSubmit}
        otherwise={
          <>
            {a.noAccount}{" "}
            <Link to="/signup" state={state}>
              {t.signUp}
            </Link>
          </>
        }
      >
        <Field {...field("email")} label={a.email} type="email" maxLength={254} autoComplete="username" required />
        <Field {...field("password")} label={a.password} type="password" maxLength={128} autoComplete="current-password" required />
      </AccountForm>
    </>
  );
}
