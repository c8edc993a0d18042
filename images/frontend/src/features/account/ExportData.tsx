import { useMutation } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { fetchExport } from "../../api/export";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { accountTexts } from "../../i18n/account";
import { Outcome, Section } from "./Section";

/** One's data as a file. It is asked for with the access token, which a link can't carry. */
export function ExportData() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const api = useApi();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => save("hankki.json", JSON.stringify(await fetchExport(api), null, 2)),
    // What is in the file is not kept in memory for later.
    gcTime: 0,
  });
  return (
    <Section title={a.exportTitle} lead={a.exportLead}>
      <Outcome failure={error && explain(error, t)} />
      <div>
        <Button quiet busy={isPending} onClick={() => mutate()}>
          {a.export}
        </Button>
      </div>
    </Section>
  );
}

function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.click();
  // Browsers have begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
