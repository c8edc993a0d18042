import { quantityOf, servingsOf, type Draft } from "./draft";
import { useLiveCost } from "./queries";

/** The cost of the complete lines; incomplete lines have none. */
export function useLiveLines(draft: Draft) {
  const complete = draft.lines.flatMap((line) => {
    const quantity = quantityOf(line);
    return quantity ? [{ key: line.key, quantity }] : [];
  });
  const { data, error, refetch } = useLiveCost(
    servingsOf(draft),
    complete.map(({ quantity }) => quantity),
  );
  // Results for a former set of lines would appear on the wrong lines.
  const fits = data?.lines.length === complete.length;
  const costs = new Map(fits ? complete.map(({ key }, place) => [key, data.lines[place]?.cost ?? 0]) : []);
  const [figures, failure] = complete.length > 0 ? [data, error] : [undefined, null];
  return { figures, error: failure, costs, retry: () => void refetch() };
}
