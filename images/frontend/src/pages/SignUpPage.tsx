import { useSetAtom } from "jotai";
import { Link, Navigate, useNavigate } from "react-router";
import { logIn, signUp } from "../api/auth";
import { useApi } from "../api/context";
import { explain } from "../api/explain";
import { ApiError } from "../api/problem";
import { AccountForm } from "../components/AccountForm";
import { Field } from "../components/Field";
import { useForm } from "../components/useForm";
import { useTranslation } from "../i18n";
import { noticeAtom } from "../session/store";
import { useUser } from "../session/useSession";
import { checkEmail, checkFilled, checkNewPassword, onlyErrors, refusals } from "./accountChecks";

export function SignUpPage() {
  const { t } = useTranslation();
  const api = useApi();
  const user = useUser();
  const navigate = useNavigate();
  const setNotice = useSetAtom(noticeAtom);
  const { field, failure, busy, onSubmit } = useForm({
    initial: { name: "", email: "", password: "" },
    check: ({ name, email, password }) =>
      onlyErrors({ name: checkFilled(name, t.missing.name), email: checkEmail(email, t), password: checkNewPassword(password, t) }),
    refusals: refusals(t),
    submit: async ({ name, email: typed, password }) => {
      const email = typed.trim();
      await signUp(api, { name: name.trim(), email, password });
      try {
        await logIn(api, { email, password });
        setNotice(null);
        await navigate("/", { replace: true });
      } catch {
        // The account exists, so signing up again would only fail: the login page tells why it cannot be entered yet.
        setNotice("signedUpLogIn");
        await navigate("/login", { replace: true, state: { email } });
      }
    },
  });
  if (user) {
    return <Navigate to="/" replace />;
  }
  return (
    <>
      <title>{`${t.signUp} · ${t.siteName}`}</title>
      <AccountForm
        title={t.signUp}
        lead={t.signUpLead}
        busy={busy}
        failure={failure && explainSignUp(failure, t)}
        onSubmit={onSubmit}
        otherwise={
          <>
            {t.haveAccount} <Link to="/login">{t.logIn}</Link>
          </>
        }
      >
        <Field {...field("name")} label={t.name} hint={t.nameHint} autoComplete="nickname" maxLength={50} required />
        <Field {...field("email")} label={t.email} type="email" maxLength={254} autoComplete="username" required />
        <Field {...field("password")} label={t.password} hint={t.passwordHint} type="password" maxLength={128} autoComplete="new-password" required />
      </AccountForm>
    </>
  );
}

function explainSignUp(failure: Error, t: ReturnType<typeof useTranslation>["t"]): string {
  const status = failure instanceof ApiError ? failure.status : undefined;
  if (status === 409) {
    return t.error.emailTaken;
  }
  return status === 400 || status === 422 ? t.error.invalid : explain(failure, t);
}
