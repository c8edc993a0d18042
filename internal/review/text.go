package review

import (
	"fmt"
	"io"
)

// Text writes the report for a terminal: the summaries of all stacks, then the differences of the manifests.
func (r Report) Text(w io.Writer) {
	fmt.Fprintf(w, "%s against %s\n", r.Head.Name, r.Base.Name)
	for _, s := range r.Stacks {
		fmt.Fprintf(w, "\nstack %s: %s\n", s.Name, s.headline())
		for _, section := range s.sections() {
			fmt.Fprintf(w, "\n  %s\n", section.title)
			for _, line := range section.lines {
				fmt.Fprintln(w, "    "+line)
			}
		}
	}
	for _, s := range r.Stacks {
		for _, o := range s.Objects {
			fmt.Fprintf(w, "\n# stack %s, %s, %s\n%s", s.Name, o.Name, o.Op, o.Diff)
		}
	}
}
