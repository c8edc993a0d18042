import type { KeyboardEvent } from "react";

/**
 * Enter in a field moves the focus to the next named field. Only the button saves, because Enter is easily pressed too early.
 * Enter keeps its meaning in input methods, suggestion lists and multi-line texts.
 */
export function focusNextField(event: KeyboardEvent<HTMLFormElement>): void {
  const { target } = event;
  if (event.key !== "Enter" || event.defaultPrevented || event.nativeEvent.isComposing || !(target instanceof HTMLInputElement)) {
    return;
  }
  event.preventDefault();
  const named = [...event.currentTarget.elements].filter((one) => one instanceof HTMLElement && one.getAttribute("name"));
  (named[named.indexOf(target) + 1] as HTMLElement | undefined)?.focus();
}
