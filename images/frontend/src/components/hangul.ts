/** A consonant or a vowel that is no syllable yet: of the conjoining, the compatibility and the half-width letters. */
const loneLetter = /[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc]/u;

/** Whether a word is still on its way: ㄷ, or 두ㅂ. In NFC, since a keyboard may send the letters of a whole syllable. */
export const isUnfinished = (text: string): boolean => loneLetter.test(text.normalize("NFC"));

/** Whether two names are one by the API's rule: width, case, white space and what is not seen do not count. */
export const isSameName = (one: string, other: string): boolean => comparable(one) === comparable(other);

const comparable = (text: string): string =>
  text.normalize("NFKC").toLowerCase().normalize("NFKC").replaceAll(/[\s\p{Default_Ignorable_Code_Point}\u2800]/gu, "");
