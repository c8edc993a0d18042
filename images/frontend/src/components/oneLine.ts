/**
 * Text as the API stores it: in NFC, without invisible characters, and with spaces for blank ones. It refuses control characters,
 * so a pasted tab or a lone surrogate becomes a space. Invisible text becomes empty.
 */
export const oneLine = (text: string): string => ifSeen(visible(text).replaceAll(/\s*[\p{Cc}\p{Cs}]+\s*/gu, " ").trim());

/** Default_Ignorable_Code_Point and annotations; not the joiners, which change their neighbours: an emoji sequence, a form of a letter. */
const invisible = /(?![\p{Join_Control}\p{Variation_Selector}\u{e0020}-\u{e007f}])[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** As visible() of the API's app/canonical.py. */
const visible = (text: string): string =>
  text
    .replaceAll(/[\u3164\uffa0\u2800\u{13441}\u{13442}\u{1d159}]/gu, " ")
    .replaceAll(invisible, "")
    .normalize("NFC");

/** A character that can be seen, as in the API's app/canonical.py: no white space, filler or other blank, joiner or accent. */
const seen = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13441}\u{13442}\u{1d159}]/u;

/** Empty for invisible text; an accent alone, such as U+00B4, is an accent without a letter in NFKC. */
const ifSeen = (text: string): string => ([text, text.normalize("NFKC")].every((form) => seen.test(form)) ? text : "");

/** Text of several lines, each normalized by oneLine. Several empty lines become one. */
export const paragraphs = (text: string): string =>
  text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u)
    .map(oneLine)
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
