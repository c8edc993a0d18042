import { useRef, useState } from "react";

/** What is wrong with a form, by the name of the control it stands at. */
export function useMarked() {
  const form = useRef<HTMLFormElement>(null);
  const [marked, setMarked] = useState<Readonly<Record<string, string>>>({});
  /** Whether anything is wrong; the first such control gets the focus. */
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
