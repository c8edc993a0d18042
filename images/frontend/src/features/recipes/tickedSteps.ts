import { useAtom } from "jotai";
import { storedAtom } from "../../device/storedAtom";

/** The steps that are done, by their numbers, of one version of a recipe, and when the last was ticked. */
interface Cooking {
  id: number;
  version: number;
  done: number[];
  at: number;
}

/** By the next meal, a recipe begins anew. */
const lifetime = 12 * 3_600_000;
/** So many pots at once. */
const most = 8;

const isCooking = (value: unknown): value is Cooking => {
  const { id, version, done, at } = (value ?? {}) as Partial<Cooking>;
  return [id, version, at].every(Number.isFinite) && Array.isArray(done) && done.every(Number.isInteger);
};

const isCurrent = (one: Cooking): boolean => Date.now() - one.at < lifetime;

const cookingAtom = storedAtom("hankki.cooking", (stored): Cooking[] => (Array.isArray(stored) ? stored.filter(isCooking) : []));

/** Which steps of a recipe are ticked on this device, how to tick one, and how to begin anew. A changed recipe begins anew too. */
export function useTickedSteps({ id, version }: { id: number; version: number }) {
  const [cooking, setCooking] = useAtom(cookingAtom);
  const done = new Set(cooking.find((one) => one.id === id && one.version === version && isCurrent(one))?.done);
  const write = (numbers: number[]) => {
    const others = cooking.filter((one) => one.id !== id && isCurrent(one)).slice(-most + 1);
    setCooking(numbers.length === 0 ? others : [...others, { id, version, done: numbers, at: Date.now() }]);
  };
  const tick = (number: number) => write(done.has(number) ? [...done].filter((one) => one !== number) : [...done, number]);
  return { done, tick, startOver: () => write([]) };
}
