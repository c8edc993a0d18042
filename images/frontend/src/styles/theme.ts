import { useAtom } from "jotai";
import { useLayoutEffect } from "react";
import { storedAtom } from "../device/storedAtom";
import { useMedia } from "./media";

export type Theme = "light" | "dark";

export const themeKey = "hankki.theme";

/** What was chosen by the switch; nothing as long as the device's own setting is followed. */
const themeAtom = storedAtom(themeKey, (stored): Theme | null => (stored === "light" || stored === "dark" ? stored : null));

/** The theme that is shown and a switch to the other one. Choosing what the device has anyway follows the device again. */
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
