package drift

import (
	"fmt"
	"io"
)

// Text writes the report for people.
func (r Report) Text(w io.Writer) {
	if !r.Found() {
		fmt.Fprintf(w, "stack %s: the cluster does not differ from the last up\n", r.Stack)
		return
	}
	if len(r.Changes) > 0 {
		fmt.Fprintf(w, "stack %s: changed in the cluster; `pulumi up --refresh --stack %[1]s` reverts it:\n", r.Stack)
	}
	for _, change := range r.Changes {
		if change.Deleted {
			fmt.Fprintf(w, "  %s: deleted\n", change.Object)
			continue
		}
		fmt.Fprintf(w, "  %s:\n", change.Object)
		for _, field := range change.Fields {
			fmt.Fprintf(w, "    %s\n", field)
		}
	}
	if len(r.Additions) > 0 {
		fmt.Fprintf(w, "stack %s: added in the cluster; `pulumi up --refresh --stack %[1]s` keeps it:\n", r.Stack)
	}
	for _, addition := range r.Additions {
		fmt.Fprintf(w, "  %s\n", addition)
	}
}
