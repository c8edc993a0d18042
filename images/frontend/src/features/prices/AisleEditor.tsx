import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { setAisle, type Ingredient } from "../../api/ingredients";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { aislesTexts } from "../../i18n/aisles";
import { LogInLink } from "../../session/LogInLink";
import { useUser } from "../../session/useSession";
import { AisleField } from "./AisleField";
import { refreshPrices } from "./queries";
import styles from "./ReportPrice.module.css";

interface Props {
  ingredient: Pick<Ingredient, "id" | "aisle">;
  /** Called after the API has stored the aisle and every shown page has loaded it. */
  onSaved?: (() => void) | undefined;
}

/** The aisle of a shop that has an ingredient. Any logged-in cook may set or correct it. */
export function AisleEditor({ ingredient, onSaved }: Props) {
  const texts = useTexts(aislesTexts);
  const { id, aisle } = ingredient;
  if (!useUser()) {
    return (
      <>
        <p>{aisle ? (texts.names[aisle] ?? aisle) : texts.unknown}</p>
        <LogInLink>{texts.logInToSave}</LogInLink>
      </>
    );
  }
  return <AisleForm id={id} aisle={aisle ?? ""} onSaved={onSaved} />;
}

function AisleForm({ id, aisle, onSaved }: { id: number; aisle: string } & Pick<Props, "onSaved">) {
  const { t } = useTranslation();
  const texts = useTexts(aislesTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const [chosen = aisle, setChosen] = useState<string>();
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: async () => {
      await setAisle(api, id, chosen || null);
      await refreshPrices(queryClient);
    },
    // Even if the form was removed from the page meanwhile.
    onSuccess: () => onSaved?.(),
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending) {
          mutate();
        }
      }}
    >
      <AisleField value={chosen} onChange={setChosen} />
      <Button type="submit" quiet busy={isPending}>
        {texts.save}
      </Button>
      {error && (
        <p role="alert" className={styles.failure}>
          {explain(error, t)}
        </p>
      )}
      <p role="status">{isSuccess && texts.saved}</p>
    </form>
  );
}
