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

/** Where a shop has an ingredient, which any cook may tell or correct. */
export function TellAisle({ ingredient }: { ingredient: Ingredient }) {
  const texts = useTexts(aislesTexts);
  const { id, aisle } = ingredient;
  if (!useUser()) {
    return (
      <>
        <p>{aisle ? (texts.names[aisle] ?? aisle) : texts.notKnown}</p>
        <LogInLink>{texts.logInToTell}</LogInLink>
      </>
    );
  }
  return <AisleForm id={id} aisle={aisle ?? ""} />;
}

function AisleForm({ id, aisle }: { id: number; aisle: string }) {
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
        {texts.tell}
      </Button>
      {error && (
        <p role="alert" className={styles.failure}>
          {explain(error, t)}
        </p>
      )}
      <p role="status">{isSuccess && texts.told}</p>
    </form>
  );
}
