package components

import "fmt"

// named prefixes *err with the kind and name of a component, unless *err is nil. Constructors defer it, so each of their
// errors names the component.
func named(err *error, kind, name string) {
	if *err != nil {
		*err = fmt.Errorf("%s %q: %w", kind, name, *err)
	}
}
