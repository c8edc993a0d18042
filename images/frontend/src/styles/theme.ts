import { useAtom } from "jotai";
import { useLayoutEffect } from "react";
import { storedAtom } from "../device/storedAtom";
import { useMedia } from "./media";

export type Theme = "light" | "dark";

export const themeKey = "hankki.theme";

/** The theme that the user chose; null: the device's setting. */
const themeAtom = storedAtom(themeKey, (stored): Theme | null => (stored === "light" || stored === "dark" ? stored : null));

/** The current theme, and a function that switches to the other one. Choosing the device's theme follows the device again. */
export function useTheme(): [Theme, () => void] {
  const [chosen, choose] = useAtom(themeAtom);
  const system: Theme = useMedia("(prefers-color-scheme: dark)") ? "dark" : "light";
  const theme = chosen ?? system;
  const other = theme === "dark" ? "light" : "dark";
  useLayoutEffect(() => {
    if (theme === system) {
      delete document.documentElement.dataset["theme"];
    } else {
      document.documentElement.dataset["theme"] = theme;
    }
  }, [theme, system]);
  return [theme, () => choose(other === system ? null : other)];
}
