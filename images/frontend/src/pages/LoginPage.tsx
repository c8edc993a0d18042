import { useSetAtom } from "jotai";
import { Link, Navigate, useLocation, useNavigate } from "react-router";
import { logIn } from "../api/auth";
import { useApi } from "../api/context";
import { explain } from "../api/explain";
import { ApiError } from "../api/problem";
import { AccountForm } from "../components/AccountForm";
import { Field } from "../components/Field";
import { useForm } from "../components/useForm";
import { useTranslation } from "../i18n";
import { noticeAtom } from "../session/store";
import { useUser } from "../session/useSession";
import { checkEmail, checkFilled, onlyErrors, refusals } from "./accountChecks";

export function LoginPage() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const navigate = useNavigate();
  const setNotice = useSetAtom(noticeAtom);
  const { state } = useLocation() as { state: { email?: string } | null };
  const { field, failure, busy, onSubmit } = useForm({
    initial: { email: state?.email ?? "", password: "" },
    check: ({ email, password }) => onlyErrors({ email: checkEmail(email, t), password: checkFilled(password, t.missing.password) }),
    refusals: refusals(t),
    submit: async ({ email, password }) => {
      await logIn(api, { email: email.trim(), password });
      setNotice(null);
      await navigate("/", { replace: true });
    },
  });
  if (user) {
    return <Navigate to="/" replace />;
  }
  return (
    <>
      <title>{`${t.logIn} · ${t.siteName}`}</title>
      <AccountForm
        title={t.logIn}
        lead={t.logInLead}
        busy={busy}
        failure={failure && (failure instanceof ApiError && failure.status === 401 ? t.error.wrongCredentials : explain(failure, t))}
        onSubmit={onSubmit}
        otherwise={
          <>
            {t.noAccount} <Link to="/signup">{t.signUp}</Link>
          </>
        }
      >
        <Field {...field("email")} label={t.email} type="email" maxLength={254} autoComplete="username" required />
        <Field {...field("password")} label={t.password} type="password" maxLength={128} autoComplete="current-password" required />
      </AccountForm>
    </>
  );
}
