import { type Draw, garnish, radius, seeds } from "./garnish";
import type { DishKind } from "./kind";
import { chili, friedEgg, halfEgg, pieces, place, scallion } from "./pieces";
import { board, plate, slices } from "./plates";
import { scatter } from "./random";

const soup: Draw = (random, { base, piece }) => (
  <>
    <circle r={radius} fill={base} />
    <circle r={radius - 7} fill="none" stroke="#fff3d6" strokeOpacity="0.28" strokeWidth="3" strokeDasharray="46 30 12 40" />
    {place(scatter(random, 7, 40, 22), pieces[piece])}
    {garnish(random, 9)}
  </>
);

const noodles: Draw = (random, { base }) => (
  <>
    <circle r={radius} fill={base} />
    {place(scatter(random, 8, 30, 11), () => (
      <g fill="none" stroke="#f7e3b4" strokeWidth="3.4" strokeLinecap="round">
        <path d="M-27 4C-18-16 16-18 26 2M-27 16C-18-4 16-6 26 14" />
        <path d="M-27 10C-18-10 16-12 26 8" stroke="#ecd096" />
      </g>
    ))}
    <g transform="translate(20 -20) rotate(24)">{halfEgg()}</g>
    {garnish(random, 8)}
  </>
);

const mixedRice: Draw = (random, { base }) => {
  const heaps = ["#dd7430", "#5f8f43", "#efd08a", "#86563a", "#a83a29", "#8db061"];
  const start = Math.round(random() * 60);
  return (
    <>
      <circle r={radius} fill={base} />
      {heaps.map((colour, index) => (
        <g key={colour} transform={`rotate(${start + index * 60})`}>
          <path d="M0-12L-27-47A54 54 0 0 1 27-47Z" fill={colour} stroke={colour} strokeWidth="6" strokeLinejoin="round" />
          <path
            d="M-16-44L-5-20M-5-49L-1-22M8-48L4-22M18-43L8-22"
            stroke={index % 2 ? "#ffffff40" : "#00000024"}
            strokeWidth="2.6"
            strokeLinecap="round"
          />
        </g>
      ))}
      <g transform={`rotate(${start * 3})`}>{friedEgg()}</g>
      {seeds(random)}
    </>
  );
};

const sauceRice: Draw = (random, { base, piece }) => {
  const vegetables = ["#e07a2f", "#f1dd9a", "#7fa653"];
  return (
    <g transform={`rotate(${Math.round(random() * 50 - 25)})`}>
      <circle r={radius} fill="#fbf6ea" />
      {place(scatter(random, 34, 58, 7), () => (
        <ellipse rx="3.4" ry="1.6" fill="#e9dcc0" />
      ))}
      <path d="M-10-61A62 62 0 1 1-10 61C-24 40 6 24-8 2S4-38-10-61Z" fill={base} />
      <g transform="translate(26 0)">
        {place(scatter(random, 3, 24, 22), pieces[piece])}
        {place(scatter(random, 8, 30, 12), (i) => (
          <rect x="-5.5" y="-5.5" width="11" height="11" rx="3" fill={vegetables[i % 3]} stroke="#00000030" strokeWidth="1" />
        ))}
      </g>
    </g>
  );
};

const friedRice: Draw = (random, { base }) => (
  <>
    <circle r={radius} fill="#f3e6cd" />
    <path d="M-52-4C-50-34-22-53 6-50S54-24 51 6S22 53-8 50S-54 26-52-4Z" fill={base} />
    {place(scatter(random, 60, 46, 5), (i) => (
      <ellipse rx="4" ry="2" fill={["#f8dfae", "#f1bd7c", "#fbeccb", "#d25a35", "#7fa653"][i % 5]} />
    ))}
    {friedEgg()}
    {place(scatter(random, 6, 44, 15), scallion)}
  </>
);

const rolls: Draw = (random, { base }) => {
  const ring = [0, 60, 120, 180, 240, 300].map((turn) => {
    const angle = (turn * Math.PI) / 180;
    return { x: Math.round(Math.cos(angle) * 37), y: Math.round(Math.sin(angle) * 37), turn };
  });
  return (
    <>
      <circle r={radius} fill={base} />
      {place([{ x: 0, y: 0, turn: 0 }, ...ring], () => (
        <>
          <circle r="17" fill="#2c3a2b" />
          <circle r="14" fill="#fbf6ea" />
          <circle cx="-3.6" cy="-3" r="3.8" fill="#f1b632" />
          <circle cx="4" cy="-2.6" r="3.6" fill="#e0702f" />
          <circle cx="-2.6" cy="4.2" r="3.4" fill="#5f8f43" />
          <circle cx="4.2" cy="4" r="3.2" fill="#b8604a" />
        </>
      ))}
      {seeds(random)}
    </>
  );
};

const pancake: Draw = (random, { base }) => (
  <>
    <circle r={radius} fill="#f3e6cd" />
    <path d="M-52-4C-50-34-22-53 6-50S54-24 51 6S22 53-8 50S-54 26-52-4Z" fill={base} stroke="#b9772a" strokeWidth="4" />
    {place(scatter(random, 13, 38, 11), (i) => (
      <rect x="-11" y="-2.2" width="22" height="4.4" rx="2.2" fill={["#5f8f43", "#8fb25f", "#d9572f"][i % 3]} />
    ))}
    {place(scatter(random, 8, 42, 12), () => (
      <circle r="3.6" fill="#a8641f" fillOpacity="0.45" />
    ))}
  </>
);

const custard: Draw = (random, { base }) => (
  <>
    <circle r={radius} fill={base} />
    <path d="M-44-8C-38-36-8-44 14-40S46-14 42 10S10 46-14 40S-48 16-44-8Z" fill="#f9d673" />
    {place(scatter(random, 10, 46, 14), () => (
      <circle r="3" fill="#e0a92f" fillOpacity="0.6" />
    ))}
    {place(scatter(random, 9, 34, 13), scallion)}
    {seeds(random)}
  </>
);

const greens: Draw = (random, { base }) => (
  <>
    <circle r={radius} fill="#efe4cd" />
    {place(scatter(random, 22, 44, 9), (i) => (
      <path d="M-16 5C-10-9 8-11 16-3" fill="none" stroke={[base, "#8aa95a", "#54763a"][i % 3]} strokeWidth="6.5" strokeLinecap="round" />
    ))}
    {place(scatter(random, 5, 40, 18), chili)}
    {seeds(random)}
  </>
);

export const food: Readonly<Record<DishKind, Draw>> = {
  soup,
  noodles,
  mixedRice,
  sauceRice,
  friedRice,
  rolls,
  pancake,
  custard,
  greens,
  plate,
  slices,
  board,
};
