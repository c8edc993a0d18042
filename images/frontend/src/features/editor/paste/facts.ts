import { numberOf, written } from "../../../components/numbers";

const servingsWords = /(\d+)(?: ?[~–-] ?\d+)? ?(?:인(?:분|용)|servings?|people|persons?)|(?:serves|servings?|yields?|makes):? ?(\d+)(?: ?[~–-] ?\d+)?/iu;
const range = "(?:\\d+ ?[~–-] ?)?";
const hour = `${range}(?<hours>${written}) ?(?:시간|hours?|hrs?|h)(?![a-z])(?<half> ?반)?`;
const minute = `${range}(?<minutes>\\d+) ?(?:분(?![가-힣])|분(?=이내|정도)|minutes?|mins?)(?![a-z])`;
/** 1시간 15분, 1시간 반, 30~40분, 1 1/2 hours. */
const times = new RegExp(`${hour}(?: ?${minute.replace("minutes>", "more>")})?|${minute}`, "giu");
/** The time of a part of the work; other times are those of the whole. */
const partial = /준비|조리|요리|굽|숙성|휴지|대기|prep|cook|bak|rest|chill|marinat|active/iu;
const total = /총|전체|total/iu;
const labels = /총|전체|준비|조리|요리|소요|걸리는|굽는|숙성|휴지|대기|시간|분량|기준|이내|이상|정도|약|\b(?:total|prep(?:aration)?|cook(?:ing)?|bak(?:e|ing)|rest(?:ing)?|chill(?:ing)?|marinating|active|ready|in|time|about|for|and)\b/giu;

/** A longer line is text. */
const longestFacts = 300;

export const hasServings = (text: string): boolean => servingsWords.test(text);

/** 4인분 60분 이내 초급, of a recipe site. */
export function startsWithServings(text: string): boolean {
  const { served, start, found } = search(text);
  return served !== "" && start === 0 && found.length > 0;
}

/** The servings and times in the lines of a pasted recipe. */
export class Facts {
  /** The first ones of a title, a heading or a line of their own. */
  private named = "";
  /** The first ones among other words. */
  private aside = "";
  private whole: { row: string; minutes: number } | undefined;
  private parts: { row: string; minutes: number }[] = [];
  private spare: string[] = [];

  /** Those of a title, a heading or a line of their own, otherwise those among other words; "" if there are none. */
  get servings(): string {
    return this.named || this.aside;
  }

  /** The whole time, otherwise the sum of its parts. */
  get cookMinutes(): string {
    const minutes = this.whole?.minutes ?? this.parts.reduce((sum, part) => sum + part.minutes, 0);
    return minutes === 0 ? "" : String(Math.round(minutes));
  }

  /** The lines with other servings or times than the returned ones. */
  get unused(): string[] {
    return [...new Set([...(this.whole ? this.parts.map(({ row }) => row) : []), ...this.spare])];
  }

  /** Uses the servings of a title or a heading. */
  readServings(row: string): void {
    this.named ||= search(row).servings;
  }

  /** Uses the servings of a text, and its time if it has both. */
  readAside(row: string): void {
    const { served, servings, found } = search(row);
    if (served !== "" && found[0] && !this.whole) {
      this.whole = { row: "", minutes: minutesOf(found[0]) };
    }
    this.aside ||= servings;
  }

  /** Returns whether a line has only servings or times with their labels, and uses them. */
  read(row: string): boolean {
    const { served, servings, others, found } = search(row);
    if ((served === "" && found.length === 0) || /[\p{L}\p{N}]/u.test(others.replaceAll(times, " ").replaceAll(labels, " "))) {
      return false;
    }
    if (servings !== "" && this.named !== "" && servings !== this.named) {
      this.spare.push(row);
    }
    this.named ||= servings;
    let start = 0;
    for (const match of found) {
      const label = others.slice(start, match.index);
      start = match.index + match[0].length;
      const time = { row, minutes: minutesOf(match) };
      if (partial.test(label) && !total.test(label)) {
        this.parts.push(time);
      } else if (!this.whole) {
        this.whole = time;
      } else if (this.whole.minutes !== time.minutes) {
        this.spare.push(row);
      }
    }
    return true;
  }
}

/** The words of the first servings with their place and number, the text without them, and its times; nothing in a long line. */
function search(row: string): { served: string; start: number; servings: string; others: string; found: RegExpExecArray[] } {
  const text = row.length > longestFacts ? "" : row;
  const match = servingsWords.exec(text);
  const [served = "", first, second] = match ?? [];
  const others = text.replace(served, " ");
  return { served, start: match?.index ?? -1, servings: first ?? second ?? "", others, found: [...others.matchAll(times)] };
}

const minutesOf = ({ groups: { hours, half, more, minutes } = {} }: RegExpExecArray): number =>
  (hours === undefined ? 0 : numberOf(hours) * 60) + (half === undefined ? 0 : 30) + Number(more ?? minutes ?? 0);
