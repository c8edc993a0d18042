import type { ReactElement } from "react";
import type { Piece } from "./kind";
import type { Point } from "./random";

/** Draws a piece of food at each point, turned by the angle of the point. */
export function place(points: readonly Point[], draw: (index: number) => ReactElement): ReactElement[] {
  return points.map((point, index) => (
    <g key={`${point.x},${point.y}`} transform={`translate(${point.x} ${point.y}) rotate(${point.turn})`}>
      {draw(index)}
    </g>
  ));
}

export const scallion = () => (
  <>
    <circle r="4.6" fill="none" stroke="#5f9440" strokeWidth="2.4" />
    <circle r="2" fill="none" stroke="#b9d58a" strokeWidth="1.2" />
  </>
);

export const chili = () => <ellipse rx="5.4" ry="3.4" fill="#d9472b" stroke="#9d2413" strokeWidth="1.4" />;

export const sesame = () => <ellipse rx="2" ry="1.1" fill="#f6e6bf" />;

export const leaf = () => <path d="M-9 0C-4-6 4-6 9 0C4 6-4 6-9 0Z" fill="#4f7d3a" stroke="#3c622b" strokeWidth="1" />;

export const halfEgg = () => (
  <>
    <ellipse rx="14" ry="12" fill="#fffaf0" stroke="#eadfc8" strokeWidth="1" />
    <circle r="6.8" fill="#f3b02f" />
    <circle cx="-2" cy="-2" r="1.8" fill="#ffd879" />
  </>
);

export const friedEgg = () => (
  <>
    <path d="M-24-3C-22-18-6-23 6-20S25-8 22 6S4 23-9 20S-26 10-24-3Z" fill="#fffaf0" />
    <circle r="10.5" fill="#f4ad2b" />
    <circle cx="-3.2" cy="-3.4" r="2.8" fill="#ffdb82" />
  </>
);

/** Pieces of food in a soup or on a plate. */
export const pieces: Readonly<Record<Piece, () => ReactElement>> = {
  tofu: () => <rect x="-9" y="-7" width="18" height="14" rx="2.5" fill="#fbf3df" stroke="#e0cfa6" strokeWidth="1.2" />,
  meat: () => (
    <>
      <path d="M-13-4C-9-11 9-10 13-3S6 10-4 8S-17 3-13-4Z" fill="#9b5f3c" stroke="#6f3f25" strokeWidth="1.2" />
      <path d="M-8-3C-3-6 3-6 8-2" fill="none" stroke="#c78e64" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
  chicken: () => (
    <>
      <path d="M-16-2C-14-13 6-14 13-6S10 12-3 11S-18 8-16-2Z" fill="#f1dcb1" stroke="#d0ae73" strokeWidth="1.6" />
      <path d="M-9-3C-4-8 4-8 8-4" fill="none" stroke="#fff4d8" strokeWidth="2.6" strokeLinecap="round" />
    </>
  ),
  fish: () => (
    <>
      <path d="M-17 0C-9-11 8-11 14 0C8 11-9 11-17 0Z" fill="#7c8b92" stroke="#55636a" strokeWidth="1.4" />
      <path d="M-10 0H9M-4-4V4M2-5V5" fill="none" stroke="#c9d4d6" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  anchovy: () => <path d="M-11 2C-5-3 5-4 11-1C5 2-4 5-11 2Z" fill="#c9b184" stroke="#87683a" strokeWidth="1.2" />,
  seaweed: () => <path d="M-15 3C-9-9-3 9 3-3S12-3 16 3" fill="none" stroke="#2f4a2d" strokeWidth="6" strokeLinecap="round" />,
  sprout: () => (
    <>
      <path d="M-14 5C-7-5 4-6 11-3" fill="none" stroke="#fbf6e3" strokeWidth="3" strokeLinecap="round" />
      <ellipse cx="12" cy="-3" rx="5" ry="3.6" fill="#efc752" stroke="#c9992b" strokeWidth="1" />
    </>
  ),
  riceCake: () => <ellipse rx="10.5" ry="7" fill="#fffaf0" stroke="#e3d6bd" strokeWidth="1.4" />,
  sausage: () => (
    <>
      <circle r="7.5" fill="#f2a796" stroke="#c4604c" strokeWidth="1.6" />
      <circle r="3.6" fill="#f8c5b6" />
    </>
  ),
  stick: () => (
    <>
      <rect x="-14" y="-6" width="28" height="12" rx="6" fill="#d4512f" stroke="#9a2f17" strokeWidth="1.5" />
      <path d="M-8-2.4H6" stroke="#f6a184" strokeWidth="2.2" strokeLinecap="round" />
    </>
  ),
  slab: () => (
    <>
      <rect x="-15" y="-11" width="30" height="22" rx="3" fill="#f8ecc9" stroke="#cf9d4b" strokeWidth="2" />
      <path d="M-10-5Q0-9 10-4M-9 4Q1 0 9 5" fill="none" stroke="#e0b468" strokeWidth="4" strokeLinecap="round" />
    </>
  ),
  dumpling: () => (
    <>
      <path d="M-16 6A16 15 0 0 1 16 6Q0 12-16 6Z" fill="#fbf3df" stroke="#d8c39a" strokeWidth="1.6" />
      <path d="M-11-1L-7 3M-4-6L-2 1M4-6L2 1M11-1L7 3" stroke="#d8c39a" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  roll: () => (
    <>
      <ellipse rx="15" ry="12" fill="#f8d766" stroke="#dba83a" strokeWidth="1.8" />
      <path d="M9 0A8 6 0 1 1 2-6A5 4 0 1 1-2 2" fill="none" stroke="#dba83a" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="-6" cy="4" r="1.8" fill="#e0702f" />
      <circle cx="6" cy="5" r="1.8" fill="#5f8f43" />
    </>
  ),
  cutlet: () => (
    <>
      <rect x="-8" y="-20" width="16" height="40" rx="6" fill="#c98335" stroke="#9a5d1f" strokeWidth="1.6" />
      <path d="M-4-12V-8M3-4V1M-3 5V9M4 12V14" stroke="#e9b468" strokeWidth="3" strokeLinecap="round" />
    </>
  ),
  strip: () => (
    <>
      <path d="M-18-5Q-6-11 4-7T18-5V5Q6 10-4 6T-18 5Z" fill="#c98f72" stroke="#8f5a40" strokeWidth="1.4" />
      <path d="M-17-1Q-6-6 4-2T17 0" fill="none" stroke="#f6e3cf" strokeWidth="3.4" />
    </>
  ),
};
