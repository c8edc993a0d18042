import type { Dictionary } from "../i18n/ko";

/** What is checked before asking the API; the API's own checks are the ones that count. */
export function checkEmail(email: string, t: Dictionary): string | undefined {
  if (email.trim() === "") {
    return t.missing.email;
  }
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(email.trim()) ? undefined : t.emailMalformed;
}

export function checkFilled(value: string, missing: string): string | undefined {
  return value.trim() === "" ? missing : undefined;
}

export function checkNewPassword(password: string, t: Dictionary): string | undefined {
  return checkFilled(password, t.missing.password) ?? (password.length < 8 ? t.passwordLength : undefined);
}

/** What to say of a field that the API refused, in place of its own words for developers. */
export function refusals(t: Dictionary): Record<string, string> {
  return { email: t.emailMalformed, password: t.passwordLength, name: t.nameLength };
}

/** Only the fields with something to say. */
export function onlyErrors<K extends string>(checks: Record<K, string | undefined>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(checks).filter(([, message]) => message !== undefined)) as Partial<Record<K, string>>;
}
