import type { LiveCost as Figures } from "../../api/recipes";
import { Cost } from "../../components/Cost";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { formatWon } from "../../i18n/format";
import styles from "./RecipeForm.module.css";

export function LiveCost({ figures }: { figures: Figures | undefined }) {
  const { locale } = useTranslation();
  const texts = useTexts(editorTexts);
  return (
    <section className={styles.live} aria-label={texts.liveCost}>
      {figures ? (
        <>
          <p className={styles.soft}>{texts.liveCost}</p>
          <Cost won={figures.costPerMeal} large />
          <p className={styles.soft}>{texts.liveTotal(formatWon(figures.totalCost, locale))}</p>
        </>
      ) : (
        <p>{texts.liveNothing}</p>
      )}
    </section>
  );
}
