import { useMutation } from "@tanstack/react-query";
import { explain } from "../../api/explain";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { accountTexts } from "../../i18n/account";
import { useLogOutEverywhere } from "../../session/useSession";
import { Outcome, Section } from "./Section";

export function LogOutEverywhere() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const { mutate, isPending, error } = useMutation({ mutationFn: useLogOutEverywhere(), networkMode: "always" });
  return (
    <Section title={a.everywhereTitle} lead={a.everywhereLead}>
      <Outcome failure={error && explain(error, t)} />
      <div>
        <Button quiet busy={isPending} onClick={() => mutate()}>
          {a.everywhere}
        </Button>
      </div>
    </Section>
  );
}
