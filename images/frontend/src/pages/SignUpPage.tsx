import { useSetAtom } from "jotai";
import { Link, useLocation } from "react-router";
import { logIn, signUp } from "../api/auth";
import { useApi } from "../api/context";
import { explain } from "../api/explain";
import { ApiError } from "../api/problem";
import { AccountForm } from "../components/AccountForm";
import { Field } from "../components/Field";
import { oneLine } from "../components/oneLine";
import { useForm } from "../components/useForm";
import { useNavigateFromHere } from "../components/useNavigateFromHere";
import { leadOf } from "../features/account/lead";
import { checkEmail, checkFilled, checkNewPassword, onlyErrors, refusals } from "../features/account/checks";
import { LoggedIn } from "../features/favourites/LoggedIn";
import { useTexts, useTranslation } from "../i18n";
import { accountTexts } from "../i18n/account";
import type { LoginState } from "../session/loginState";
import { noticeAtom } from "../session/store";
import { useUser } from "../session/useSession";

export function SignUpPage() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const api = useApi();
  const user = useUser();
  const navigate = useNavigateFromHere();
  const setNotice = useSetAtom(noticeAtom);
  const { state } = useLocation() as { state: LoginState | null };
  const { field, failure, busy, onSubmit } = useForm({
    initial: { name: "", email: state?.email ?? "", password: "" },
    check: ({ name, email, password }) =>
      onlyErrors({ name: checkFilled(name, a.missing.name), email: checkEmail(email, a), password: checkNewPassword(password, a) }),
    refusals: refusals(a),
    submit: async ({ name, email: typed, password }) => {
      const email = typed.trim();
      await signUp(api, { name: oneLine(name), email, password });
      try {
        await logIn(api, { email, password });
        setNotice(null);
      } catch (error) {
        // Neither the API nor this page reveals whether the address was free. A refused login has the text for a wrong password.
        const refused = error instanceof ApiError && error.status === 401;
        setNotice(refused ? "signUpRefused" : "signedUpLogIn");
        const next: LoginState = { ...state, email };
        await navigate("/login", { replace: true, state: next });
      }
    },
  });
  if (user) {
    return <LoggedIn state={state} />;
  }
  return (
    <>
      <title>{`${t.signUp} · ${t.siteName}`}</title>
      <AccountForm
        title={t.signUp}
        lead={leadOf(state, a) ?? a.signUpLead}
        busy={busy}
        failure={failure && (failure instanceof ApiError && failure.status === 422 ? a.invalid : explain(failure, t))}
        onSubmit={onSubmit}
        otherwise={
          <>
            {a.haveAccount}{" "}
            <Link to="/login" state={state}>
              {t.logIn}
            </Link>
          </>
        }
      >
        <Field {...field("name")} label={a.name} hint={a.nameHint} autoComplete="nickname" longest={50} required />
        <Field {...field("email")} label={a.email} type="email" maxLength={254} autoComplete="username" required />
        <Field {...field("password")} label={a.password} hint={a.passwordHint} type="password" maxLength={128} autoComplete="new-password" required />
      </AccountForm>
    </>
  );
}
