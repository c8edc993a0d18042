package components

import "fmt"

// named puts the kind and name of a component before *err, unless *err is nil. A constructor defers it, so that each of its
// errors names the component.
func named(err *error, kind, name string) {
	if *err != nil {
		*err = fmt.Errorf("%s %q: %w", kind, name, *err)
	}
}
