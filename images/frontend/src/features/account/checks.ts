import { explain } from "../../api/explain";
import { ApiError } from "../../api/problem";
import type { Dictionary } from "../../i18n";
import type { AccountTexts } from "../../i18n/account";

/** Checks before the request; the API's checks are authoritative. */
export function checkEmail(email: string, a: AccountTexts): string | undefined {
  if (email.trim() === "") {
    return a.missing.email;
  }
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(email.trim()) ? undefined : a.emailMalformed;
}

export function checkFilled(value: string, missing: string): string | undefined {
  return value.trim() === "" ? missing : undefined;
}

export function checkNewPassword(password: string, a: AccountTexts): string | undefined {
  return checkFilled(password, a.missing.password) ?? (password.length < 8 ? a.passwordLength : undefined);
}

/** The messages for fields that the API refused, in place of the API's messages for developers. */
export function refusals(a: AccountTexts): Record<string, string> {
  return { email: a.emailMalformed, password: a.passwordLength, name: a.nameLength };
}

/** Why the repeated password was refused. */
export function explainPassword(failure: Error, t: Dictionary, a: AccountTexts): string {
  return failure instanceof ApiError && failure.problem === "password-wrong" ? a.passwordWrong : explain(failure, t);
}

/** Only the fields with a message. */
export function onlyErrors<K extends string>(checks: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(checks).filter(([, message]) => message !== undefined)) as Partial<Record<K, string>>;
}
