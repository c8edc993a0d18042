import { food } from "./food";
import { lookOf } from "./kind";
import { randomFrom } from "./random";

interface Props {
  title: string;
  glaze: string;
  rim: string;
}

/** One bowl with its dish, around (0, 0) with a radius of 81, to be placed in a picture. */
export function Bowl({ title, glaze, rim }: Props) {
  const random = randomFrom(`bowl of ${title}`);
  const look = lookOf(title);
  return (
    <>
      <ellipse cx="5" cy="9" rx="84" ry="82" fill="#00000030" />
      <circle r="81" fill={rim} />
      <circle r="78" fill={glaze} />
      <circle r="67" fill="#00000024" />
      {food[look.kind](random, look)}
      <path d="M-58-50A77 77 0 0 1 10-76" fill="none" stroke="#ffffff" strokeOpacity="0.5" strokeWidth="4" strokeLinecap="round" />
    </>
  );
}
