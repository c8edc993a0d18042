import { useRef, useState } from "react";

/** The errors of a form, by control name. */
export function useMarked() {
  const form = useRef<HTMLFormElement>(null);
  const [marked, setMarked] = useState<Readonly<Record<string, string>>>({});
  /** Returns whether there is an error, and focuses the first such control. */
  const mark = (wrong: Readonly<Record<string, string>>): boolean => {
    setMarked(wrong);
    const [first] = Object.keys(wrong);
    const control = first === undefined ? null : form.current?.elements.namedItem(first);
    if (control instanceof HTMLElement) {
      control.focus();
    }
    return first !== undefined;
  };
  return { form, marked, mark };
}
