import type { KeyboardEvent } from "react";

/**
 * Enter in a field goes on to the next one that has a name: only the button saves, not a key that is easily pressed too
 * early. An input method's Enter, that of a list of suggestions and that of a text of several lines are theirs.
 */
export function goOn(event: KeyboardEvent<HTMLFormElement>): void {
  const { target } = event;
  if (event.key !== "Enter" || event.defaultPrevented || event.nativeEvent.isComposing || !(target instanceof HTMLInputElement)) {
    return;
  }
  event.preventDefault();
  const named = [...event.currentTarget.elements].filter((one) => one instanceof HTMLElement && one.getAttribute("name"));
  (named[named.indexOf(target) + 1] as HTMLElement | undefined)?.focus();
}
