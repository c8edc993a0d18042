import type { ReactElement } from "react";
import type { Look } from "./kind";
import { chili, place, scallion, sesame } from "./pieces";
import { type Random, scatter } from "./random";

/** Everything is drawn around (0, 0) in a bowl whose food has this radius. */
export const radius = 62;

export type Draw = (random: Random, look: Look) => ReactElement;

export const garnish = (random: Random, count: number) => place(scatter(random, count, 50, 13), (i) => (i % 3 === 2 ? chili() : scallion()));
export const seeds = (random: Random) => place(scatter(random, 16, 54, 6), sesame);
