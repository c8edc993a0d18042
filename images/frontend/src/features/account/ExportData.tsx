import { useMutation } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { fetchExport } from "../../api/export";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { accountTexts } from "../../i18n/account";
import { Outcome, Section } from "./Section";

/** The user's data as a file. The request needs the access token, which a link cannot send. */
export function ExportData() {
  const { t } = useTranslation();
  const a = useTexts(accountTexts);
  const api = useApi();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => save("hankki.json", await fetchExport(api)),
    // Do not keep the data in memory.
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

function save(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(file);
  link.click();
  // Browsers have started to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
