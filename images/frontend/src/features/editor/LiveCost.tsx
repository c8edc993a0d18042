import type { LiveCost as Figures } from "../../api/recipes";
import { Cost } from "../../components/Cost";
import { FailureNote } from "../../components/FailureNote";
import { useTexts, useTranslation } from "../../i18n";
import { editorTexts } from "../../i18n/editor";
import { formatWon } from "../../i18n/format";
import styles from "./RecipeForm.module.css";

interface Props {
  figures: Figures | undefined;
  /** The reason if there are no results, or no new ones. */
  error: Error | null;
  onRetry: () => void;
}

export function LiveCost({ figures, error, onRetry }: Props) {
  const { locale } = useTranslation();
  const texts = useTexts(editorTexts);
  return (
    <section className={styles.live} aria-label={texts.liveCost}>
      {error && <FailureNote what={texts.liveFailed} error={error} onRetry={onRetry} />}
      {figures && (
        <>
          <p className={styles.soft}>{texts.liveCost}</p>
          <Cost won={figures.costPerMeal} large />
          <p className={styles.soft}>{texts.liveTotal(formatWon(figures.totalCost, locale))}</p>
        </>
      )}
      {!figures && !error && <p>{texts.liveNothing}</p>}
    </section>
  );
}
