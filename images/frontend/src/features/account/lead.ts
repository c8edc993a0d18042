import type { AccountTexts } from "../../i18n/account";
import type { LoginState } from "../../session/loginState";

/** Why somebody was led to the login; undefined for those who went there by themselves. */
export function leadOf(state: LoginState | null, texts: AccountTexts): string | undefined {
  if (state?.favourite) {
    return texts.leadFavourite(state.favourite.title);
  }
  return state?.from === undefined ? undefined : texts.leadBack;
}
