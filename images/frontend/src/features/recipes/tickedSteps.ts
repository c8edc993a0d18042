import { useAtom } from "jotai";
import { storedAtom } from "../../device/storedAtom";

/** Numbers of the ticked steps of one recipe version, and the time of the last tick. */
interface Cooking {
  id: number;
  version: number;
  done: number[];
  at: number;
}

/** After this time the ticks expire, so the next meal starts without ticks. */
const lifetime = 12 * 3_600_000;
/** Maximum number of recipes with ticks. */
const most = 8;

const isCooking = (value: unknown): value is Cooking => {
  const { id, version, done, at } = (value ?? {}) as Partial<Cooking>;
  return [id, version, at].every(Number.isFinite) && Array.isArray(done) && done.every(Number.isInteger);
};

const isCurrent = (one: Cooking): boolean => Date.now() - one.at < lifetime;

const cookingAtom = storedAtom("hankki.cooking", (stored): Cooking[] => (Array.isArray(stored) ? stored.filter(isCooking) : []));

/** The ticked steps of a recipe on this device, and functions to tick one and to reset them. A changed recipe resets them too. */
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
