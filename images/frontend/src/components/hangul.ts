/** A lone consonant or vowel: conjoining, compatibility and half-width letters. */
const loneLetter = /[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]/u;

/** Whether a word is unfinished: ㄷ, or 두ㅂ. In NFC, because a keyboard may send the letters of a whole syllable. */
export const isUnfinished = (text: string): boolean => loneLetter.test(text.normalize("NFC"));

/** Whether two names are equal by the API's rule: width, case, white space and invisible characters do not count. */
export const isSameName = (one: string, other: string): boolean => comparable(one) === comparable(other);

/** Two consonants that a keyboard shows as one final until a vowel follows. */
const pairs: Readonly<Record<string, string>> = { ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ", ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
/** The same pairs, in half width. */
const halfWidth: Readonly<Record<string, string>> = { ﾣ: "ㄳ", ﾥ: "ㄵ", ﾦ: "ㄶ", ﾪ: "ㄺ", ﾫ: "ㄻ", ﾬ: "ㄼ", ﾭ: "ㄽ", ﾮ: "ㄾ", ﾯ: "ㄿ", ﾰ: "ㅀ", ﾴ: "ㅄ" };
const unseen = /[\s\u0085\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13441}\u{13442}\u{1d159}]/gu;

/** The API's form for comparison: see images/backend/app/canonical.py. */
function comparable(text: string): string {
  const composed = text
    .replaceAll(unseen, "")
    .replaceAll(/[ﾣﾥﾦﾪ-ﾰﾴ]/gu, (pair) => halfWidth[pair] ?? pair)
    .replaceAll(/[ㄳㄵㄶㄺ-ㅀㅄ]/gu, (pair) => pairs[pair] ?? pair)
    .normalize("NFKC");
  const simpler = folded(composed).normalize("NFKC").replaceAll(unseen, "");
  return simpler === text ? text : comparable(simpler);
}

/** Unicode's case folding, as str.casefold() of Python. In upper case ß is SS; in lower case Σ is ς at the end of a word. */
const folded = (text: string): string => text.replaceAll(/[^ı]+/gu, (part) => part.toUpperCase().toLowerCase().replaceAll("ς", "σ"));
