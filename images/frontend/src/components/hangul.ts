/** A lone consonant or vowel: conjoining, compatibility and half-width letters. */
const loneLetter = /[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]/u;

/** Whether a word is unfinished: ㄷ, or 두ㅂ. In NFC, because a keyboard may send the letters of a whole syllable. */
export const isUnfinished = (text: string): boolean => loneLetter.test(text.normalize("NFC"));

/** Whether two names are equal by the API's rule: width, case, white space and invisible characters do not count. */
export const isSameName = (one: string, other: string): boolean => comparable(one) === comparable(other);

const comparable = (text: string): string =>
  text.normalize("NFKC").toLowerCase().normalize("NFKC").replaceAll(/[\s\p{Default_Ignorable_Code_Point}\u2800]/gu, "");
