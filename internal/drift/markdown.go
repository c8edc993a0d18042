package drift

import (
	"fmt"
	"io"
	"strings"

	"hankki/internal/plural"
)

// issueLimit is the largest size of an issue in bytes, a little below GitHub's 65,536 characters.
const issueLimit = 65000

// Markdown writes the text of an issue: names of objects and fields, but no values. The first line identifies the stack's issue.
// Without drift it is the only line.
func (r Report) Markdown(w io.Writer) { fmt.Fprint(w, r.markdown(issueLimit)) }

func (r Report) markdown(limit int) string {
	text := fmt.Sprintf("<!-- hankki drift of %s -->\n", r.Stack)
	if !r.Found() {
		return text
	}
	text += fmt.Sprintf("The cluster differs from the last `pulumi up` of stack `%s`. `make drift STACK=%[1]s` prints the values; see *Drift* in `docs/operations.md`.\n\n", r.Stack)
	const more = "- and %s\n"
	lines := r.lines()
	for i, line := range lines {
		if len(text)+len(line)+len(fmt.Sprintf(more, plural.Of(len(lines), "more object"))) > limit {
			return text + fmt.Sprintf(more, plural.Of(len(lines)-i, "more object"))
		}
		text += line
	}
	return text
}

// lines returns a line for each object.
func (r Report) lines() (lines []string) {
	for _, change := range r.Changes {
		what := "deleted"
		if !change.Deleted {
			var paths []string
			for _, field := range change.Fields {
				paths = append(paths, "`"+field.Path+"`")
			}
			what = strings.Join(paths, ", ")
		}
		lines = append(lines, fmt.Sprintf("- `%s`: %s\n", change.Object, what))
	}
	for _, addition := range r.Additions {
		lines = append(lines, "- "+addition+"\n")
	}
	return lines
}
