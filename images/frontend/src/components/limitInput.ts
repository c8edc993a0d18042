/** The length in characters of NFC, as the API counts it. HTML's maxLength counts UTF-16 units: an emoji as two, a syllable in NFD as up to three. */
const lengthOf = (text: string): number => [...text.normalize("NFC")].length;

/**
 * Limits a field to `most` characters after an input event, and returns its value. Like maxLength, it cuts the end of the inserted
 * text, which is before the caret, and leaves the caret there. A value that was longer `before` the event, such as a step of a
 * pasted recipe, does not grow.
 */
export function limitInput(field: HTMLInputElement | HTMLTextAreaElement, most: number, before: string): string {
  const { value, selectionEnd } = field;
  const over = lengthOf(value) - Math.max(most, lengthOf(before));
  if (over <= 0) {
    return value;
  }
  // The end, not the start: dropped text is selected.
  const caret = selectionEnd ?? value.length;
  const kept = [...value.slice(0, caret).normalize("NFC")].slice(0, -over).join("");
  const limited = kept + value.slice(caret);
  // React would put the caret at the end if the field still had another value after the event.
  field.value = limited;
  field.setSelectionRange(kept.length, kept.length);
  return limited;
}
