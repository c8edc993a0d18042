import { type Draw, garnish, radius, seeds } from "./garnish";
import { leaf, pieces, place, scallion } from "./pieces";
import { scatter } from "./random";

export const plate: Draw = (random, { base, piece }) => (
  <>
    <circle r={radius} fill="#f1e4cb" />
    <path d="M-54 2C-50-34-18-52 14-48S58-18 52 12S14 54-16 48S-56 28-54 2Z" fill={base} fillOpacity="0.8" />
    {place(scatter(random, 15, 42, 16), pieces[piece])}
    {place(scatter(random, 4, 36, 24), leaf)}
    {garnish(random, 6)}
    {seeds(random)}
  </>
);

/** Pieces that are served in rows. */
export const slices: Draw = (random, { base, piece }) => (
  <>
    <circle r={radius} fill="#f1e4cb" />
    <ellipse rx="57" ry="50" fill={base} fillOpacity="0.75" />
    <g transform={`rotate(${Math.round(random() * 40 - 20)})`}>
      {place(rows, pieces[piece])}
      {place(scatter(random, 7, 46, 15), scallion)}
    </g>
    {seeds(random)}
  </>
);

const rows = [-27, 0, 27].flatMap((y, row) => (row === 1 ? [-36, 0, 36] : [-19, 19]).map((x) => ({ x, y, turn: (x + y) % 7 })));

/** Boiled meat, cut and fanned out, with its leaves and its kimchi. */
export const board: Draw = (random, { base, piece }) => (
  <>
    <circle r={radius} fill="#efe4cd" />
    {place(scatter(random, 7, 20, 9), () => (
      <path d="M-15 6C-12-10 12-10 15 5Q0 12-15 6Z" transform="translate(-28 26)" fill="#7fa653" stroke="#54763a" strokeWidth="1.4" />
    ))}
    <g transform="translate(30 28)">
      {place(scatter(random, 9, 18, 8), () => (
        <path d="M-11 3Q-4-8 4-4T11-3Q4 8-11 3Z" fill={base} stroke="#f1c9a0" strokeWidth="1.4" />
      ))}
    </g>
    {place(
      [-40, -24, -8, 8, 24, 40].map((x) => ({ x, y: Math.round(-24 + (x * x) / 160), turn: 72 + x / 2 })),
      pieces[piece],
    )}
    {seeds(random)}
  </>
);
