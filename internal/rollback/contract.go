package rollback

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"hankki/internal/history"
)

// contract returns an error that names the migrations that have removed what the release may use; nil if there are none. hankki
// knows only the newest revision of a release. Several releases can have the revision that `contract:` names; some of them may
// still use what was removed. Such a release is therefore refused.
func contract(updates []history.Update, target history.Update) error {
	applied := map[string]string{}
	for _, u := range updates {
		maps.Copy(applied, u.Contracts)
	}
	head, err := strconv.Atoi(target.Head)
	if err != nil { // the program could not read the report; `flask release` itself still refuses too old a version
		head = 0
	}
	var errs []error
	for _, migration := range slices.Sorted(maps.Keys(applied)) {
		m, wrong := strconv.Atoi(migration)
		oldest, wrongToo := strconv.Atoi(applied[migration])
		if wrong == nil && wrongToo == nil && (m <= head || oldest < head) {
			continue
		}
		errs = append(errs, fmt.Errorf("migration %s lies between (contract: %s): it has removed from the database what releases up to that revision may use, and release %d has revision %s; "+
			"deploy a correction instead. If the release does not use it, set hankki:images.use yourself and run `pulumi up`", migration, applied[migration], target.Version, cmp.Or(target.Head, "(unknown)")))
	}
	return errors.Join(errs...)
}
