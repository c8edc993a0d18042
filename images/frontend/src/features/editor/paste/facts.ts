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

/** The servings and times in the lines of a pasted recipe. */
export class Facts {
  /** The first ones; "" if there are none. */
  servings = "";
  private whole: { row: string; minutes: number } | undefined;
  private parts: { row: string; minutes: number }[] = [];
  private spare: string[] = [];

  /** The whole time, otherwise the sum of its parts. */
  get cookMinutes(): string {
    const minutes = this.whole?.minutes ?? this.parts.reduce((sum, part) => sum + part.minutes, 0);
    return minutes === 0 ? "" : String(Math.round(minutes));
  }

  /** The lines with other servings or times than the returned ones. */
  get unused(): string[] {
    return [...new Set([...(this.whole ? this.parts.map(({ row }) => row) : []), ...this.spare])];
  }

  readServings(row: string): void {
    const [, first, second] = servingsWords.exec(row) ?? [];
    this.servings ||= first ?? second ?? "";
  }

  /** Returns whether a line has only servings or times with their labels. Of a line with further content it uses servings and a time. */
  read(row: string): boolean {
    if (row.length > longestFacts) {
      return false;
    }
    const [served = "", first, second] = servingsWords.exec(row) ?? [];
    const others = row.replace(served, " ");
    const found = [...others.matchAll(times)];
    if (served === "" && found.length === 0) {
      return false;
    }
    const isOnly = !/[\p{L}\p{N}]/u.test(others.replaceAll(times, " ").replaceAll(labels, " "));
    const servings = first ?? second ?? "";
    if (!isOnly) {
      if (served !== "" && found[0] && !this.whole) {
        this.whole = { row: "", minutes: minutesOf(found[0]) };
      }
      this.servings ||= servings;
      return false;
    }
    if (servings !== "" && this.servings !== "" && servings !== this.servings) {
      this.spare.push(row);
    }
    this.servings ||= servings;
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

const minutesOf = ({ groups: { hours, half, more, minutes } = {} }: RegExpExecArray): number =>
  (hours === undefined ? 0 : numberOf(hours) * 60) + (half === undefined ? 0 : 30) + Number(more ?? minutes ?? 0);
