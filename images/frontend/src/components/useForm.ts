import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ApiError } from "../api/problem";

type Values = Record<string, string>;
export type FieldErrors<V extends Values> = Partial<Record<keyof V, string>>;

interface Options<V extends Values> {
  initial: V;
  check: (values: V) => FieldErrors<V>;
  /** The messages for fields that the API refused; a field without an entry shows the API's message. */
  refusals: FieldErrors<V>;
  submit: (values: V) => Promise<void>;
  /** For a page that stays open afterwards. */
  clearWhenDone?: boolean;
}

/** A form's state. The typed values stay until the user leaves the page, whatever the response. */
export function useForm<V extends Values>({ initial, check, refusals, submit, clearWhenDone = false }: Options<V>) {
  const [values, setValues] = useState(initial);
  const [checked, setChecked] = useState<FieldErrors<V>>({});
  const { mutate, isPending, isSuccess, error, reset } = useMutation({
    mutationFn: submit,
    // Without a network it fails at once, instead of waiting for it.
    networkMode: "always",
    // Do not keep passwords in memory.
    gcTime: 0,
    onSuccess: () => {
      if (clearWhenDone) {
        setValues(initial);
      }
    },
  });

  const refused: FieldErrors<V> = {};
  for (const [name, message] of Object.entries(error instanceof ApiError ? error.fields : {})) {
    if (name in initial) {
      refused[name as keyof V] = refusals[name] ?? message;
    }
  }
  const errors = { ...refused, ...checked };

  return {
    values,
    errors,
    /** A failure that does not belong to a single field. */
    failure: error && Object.keys(refused).length === 0 ? error : null,
    busy: isPending,
    done: isSuccess,
    field: (name: keyof V & string) => ({
      name,
      value: values[name] ?? "",
      error: errors[name],
      onChange: (value: string) => setValues((before) => ({ ...before, [name]: value })),
    }),
    onSubmit: (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      if (isPending) {
        return;
      }
      const found = check(values);
      setChecked(found);
      reset();
      const [firstWrong] = Object.keys(found);
      if (firstWrong) {
        const input = event.currentTarget.elements.namedItem(firstWrong);
        if (input instanceof HTMLElement) {
          input.focus();
        }
        return;
      }
      mutate(values);
    },
  };
}
