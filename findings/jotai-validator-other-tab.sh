#!/usr/bin/env bash
# Jotai 2.9.3 (and 3.0.1): a storage validator does not see what another tab writes.
#
# unstable_withStorageValidator wraps a storage's getItem, but not its subscribe. When an invalid stored value is read, the
# initial value replaces it. When the same value arrives as a `storage` event of another tab, for example of a tab with an
# earlier version, it is not validated. The atom then has a value that its type and its validator exclude. Run in jsdom 28.1.0.
#
# Observed, of either version:
#   read when mounted: []
#   from another tab: {"of":"another release"}
#
# Exit: 0 as stated, 1 changed, 2 not tried.
set -euo pipefail
trap 'exit 2' ERR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

printf '{"type": "module"}' >package.json
npm install --silent --no-fund --no-audit jsdom@28.1.0 jotai@2.9.3 newest@npm:jotai@3.0.1
cat >tabs.mjs <<'JS'
import { JSDOM } from "jsdom";

const { window } = new JSDOM("", { url: "http://localhost/" });
const { localStorage } = window;
Object.assign(globalThis, { window, localStorage });

const jotai = process.argv[2];
const { createStore } = await import(`${jotai}/vanilla`);
const { atomWithStorage, createJSONStorage, unstable_withStorageValidator } = await import(`${jotai}/vanilla/utils`);

const storage = unstable_withStorageValidator(Array.isArray)(createJSONStorage(() => localStorage));
const list = atomWithStorage("list", [], storage);
const store = createStore();
const newValue = JSON.stringify({ of: "another release" });
localStorage.setItem("list", newValue);
store.sub(list, () => {});
console.log("read when mounted:", JSON.stringify(store.get(list)));
window.dispatchEvent(new window.StorageEvent("storage", { key: "list", newValue, storageArea: localStorage }));
console.log("from another tab:", JSON.stringify(store.get(list)));
JS
for package in jotai newest; do
  said=$(node tabs.mjs "$package")
  printf '%s\n' "$said"
  [[ $said == 'read when mounted: []
from another tab: {"of":"another release"}' ]] || exit 1
done
