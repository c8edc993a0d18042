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
  onTold?: (() => void) | undefined;
}

/** The aisle of a shop that has an ingredient. Any logged-in cook may set or correct it. */
export function TellAisle({ ingredient, onTold }: Props) {
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
  return <AisleForm id={id} aisle={aisle ?? ""} onTold={onTold} />;
}

function AisleForm({ id, aisle, onTold }: { id: number; aisle: string } & Pick<Props, "onTold">) {
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
    // Also if the form has left the page meanwhile.
    onSuccess: () => onTold?.(),
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
