package review

import (
	"fmt"
	"io"
	"strings"

	"hankki/internal/plural"
)

// Marker begins the comment of a pull request and identifies it for updates.
const Marker = "<!-- hankki review -->"

// commentLimit is the largest size of a comment in bytes, a little below GitHub's 65,536 characters.
const commentLimit = 65000

// Markdown writes the report as the comment of a pull request: the summary, and the manifests' differences in folded
// blocks up to the size limit. It prints the number of omitted objects.
func (r Report) Markdown(w io.Writer) {
	fmt.Fprint(w, r.markdown(commentLimit))
}

// notShown reserves space for the line with the number of omitted objects, and for the end of the block.
const notShown = 200

func (r Report) markdown(limit int) string {
	var head strings.Builder
	fmt.Fprintf(&head, "%s\n## What this changes\n\n%s against %s. Images are compared by their build inputs. Secrets are not shown.\n", Marker, code(r.Head.Name), code(r.Base.Name))
	for _, s := range r.Stacks {
		fmt.Fprintf(&head, "\n### %s: %s\n", code(s.Name), s.headline())
		for _, section := range s.sections() {
			fmt.Fprintf(&head, "\n**%s**\n%s", section.title, fenced("", strings.Join(section.lines, "\n")+"\n"))
		}
	}
	var text strings.Builder
	text.WriteString(cut(head.String(), limit))
	for _, s := range r.Stacks {
		if len(s.Objects) > 0 {
			text.WriteString(s.folded(limit - text.Len()))
		}
	}
	return text.String()
}

// folded returns the differences of a stack's manifests in at most limit bytes; empty if not even the block fits.
func (s Stack) folded(limit int) string {
	begin := fmt.Sprintf("\n<details><summary>Manifests of %s: %s</summary>\n\n", s.Name, plural.Of(len(s.Objects), "object"))
	if len(begin)+notShown > limit {
		return ""
	}
	text, missing := begin, 0
	for _, o := range s.Objects {
		block := fmt.Sprintf("%s, %s\n%s\n", code(o.Name.String()), o.Op.words(), fenced("diff", o.Diff))
		if len(text)+len(block)+notShown > limit {
			missing++
			continue
		}
		text += block
	}
	if missing > 0 {
		text += fmt.Sprintf("The differences of %s are omitted here: `make review STACK=%s` prints them.\n\n", plural.Of(missing, "object"), s.Name)
	}
	return text + "</details>\n"
}

// fenced returns a code block whose fence is longer than any fence in the text.
func fenced(language, text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + fence + "\n"
}

// code returns text as inline code.
func code(text string) string {
	return "`" + strings.NewReplacer("`", "'", "\n", " ").Replace(text) + "`"
}

// cut shortens a summary that is too long at the end of a line, and closes open blocks.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const end = "\n```````\n\n**The summary is truncated here**: `make review` prints it completely.\n"
	kept := text[:limit-len(end)]
	return kept[:strings.LastIndex(kept, "\n")+1] + strings.TrimPrefix(end, "\n")
}
