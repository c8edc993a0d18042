import { oneLine } from "../../components/oneLine";
import { quantityOf, type Draft } from "./draft";

/** The API's validation errors for a sent draft (see bodyOf), by control name. */
export function refusedControls(fields: Readonly<Record<string, string>>, draft: Draft): Record<string, string> {
  // Blank rows were not sent.
  const lines = draft.lines.filter((line) => quantityOf(line) !== null);
  const steps = draft.steps.filter(({ text }) => oneLine(text) !== "");
  const controlOf = (path: string): string | undefined => {
    const [name = "", place = "", part = ""] = path.split("/");
    const row = place === "" ? undefined : { ingredients: lines, steps }[name]?.[Number(place)];
    if (row && name === "steps") {
      return `step-${row.key}`;
    }
    if (row) {
      return `${part === "quantity" || part === "unit" ? "quantity" : "ingredient"}-${row.key}`;
    }
    return name === "ingredients" || name in draft ? name : undefined;
  };
  const refused: Record<string, string> = {};
  for (const [path, detail] of Object.entries(fields)) {
    const control = controlOf(path);
    if (control !== undefined) {
      refused[control] ??= detail;
    }
  }
  return refused;
}
