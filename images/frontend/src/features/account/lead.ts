import type { AccountTexts } from "../../i18n/account";
import type { LoginState } from "../../session/loginState";

/** Why the site opened the login page; undefined if the user opened it. */
export function leadOf(state: LoginState | null, texts: AccountTexts): string | undefined {
  if (state?.favourite) {
    return texts.leadFavourite(state.favourite.title);
  }
  return state?.from === undefined ? undefined : texts.leadBack;
}
