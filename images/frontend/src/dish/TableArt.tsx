import { memo } from "react";
import { Bowl } from "./Bowl";
import styles from "./DishArt.module.css";

/** A set table for the top of the first page. */
export const TableArt = memo(function TableArt() {
  return (
    <svg className={styles.art} viewBox="0 0 470 290" aria-hidden="true">
      <rect x="20" y="36" width="440" height="236" rx="118" fill="#00000014" />
      <rect x="12" y="26" width="440" height="236" rx="118" fill="#9c5f38" />
      <rect x="22" y="36" width="420" height="216" rx="108" fill="#b87a4b" />
      <path d="M70 92H392M44 144H420M70 196H392" stroke="#a66a3f" strokeWidth="3" strokeLinecap="round" strokeDasharray="90 14 40 20" />
      <g transform="translate(126 144) scale(0.92)">
        <Bowl title="쌀밥 비빔" glaze="#fdf8ee" rim="#d9c3a0" />
      </g>
      <g transform="translate(276 142) scale(1)">
        <Bowl title="김치찌개" glaze="#3f332d" rim="#241c18" />
      </g>
      <g transform="translate(387 94) scale(0.46)">
        <Bowl title="시금치나물" glaze="#fbf7ec" rim="#9fae90" />
      </g>
      <g transform="translate(387 190) scale(0.46)">
        <Bowl title="계란말이" glaze="#fff8ee" rim="#d68d70" />
      </g>
    </svg>
  );
});
