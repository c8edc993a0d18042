import { memo, useId } from "react";
import { Bowl } from "./Bowl";
import styles from "./DishArt.module.css";
import { randomFrom } from "./random";

/** Table, cloth and bowl of one picture. */
const settings = [
  { table: "#eec9a0", cloth: "#f7e2c4", bowl: "#fdf8ee", rim: "#d9c3a0" },
  { table: "#d9b48f", cloth: "#c99a6c", bowl: "#3f332d", rim: "#241c18" },
  { table: "#c9d3bd", cloth: "#dfe6d2", bowl: "#fbf7ec", rim: "#9fae90" },
  { table: "#f0b9a0", cloth: "#f7d3bf", bowl: "#fff8ee", rim: "#d68d70" },
  { table: "#bccbd0", cloth: "#d5dfe1", bowl: "#fbfaf4", rim: "#7f98a1" },
  { table: "#e9cf8f", cloth: "#f4e3b5", bowl: "#4a3a31", rim: "#2b211b" },
] as const;

/** A drawing of a dish, seen from above. It is decorative: the title next to it has all information. */
export const DishArt = memo(function DishArt({ title }: { title: string }) {
  const cloth = useId();
  const random = randomFrom(title);
  const setting = settings[Math.floor(random() * settings.length)] ?? settings[0];
  const tilt = Math.round(random() * 16 - 8);
  const leftHanded = random() < 0.4;
  return (
    <svg className={styles.art} viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <defs>
        <pattern id={cloth} width="22" height="22" patternUnits="userSpaceOnUse" patternTransform={`rotate(${45 + tilt})`}>
          <path d="M0 0V22M11 0V22" stroke={setting.cloth} strokeWidth="5" strokeOpacity="0.55" />
        </pattern>
      </defs>
      <rect width="320" height="200" fill={setting.table} />
      <rect width="320" height="200" fill={`url(#${cloth})`} />
      <g transform={`translate(${leftHanded ? 58 : 262} 100) rotate(${tilt})`} strokeLinecap="round">
        <path d="M-4-78V86M6-78V86" stroke="#00000026" strokeWidth="6" transform="translate(3 3)" />
        <path d="M-4-78V86M6-78V86" stroke="#7a4a2b" strokeWidth="5" />
        <path d="M-4-78V-50M6-78V-50" stroke="#c9a24f" strokeWidth="5" />
      </g>
      <g transform={`translate(${leftHanded ? 170 : 150} 102)`}>
        <Bowl title={title} glaze={setting.bowl} rim={setting.rim} />
      </g>
    </svg>
  );
});
