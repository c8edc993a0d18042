package change

import (
	"cmp"
	"fmt"
	"strings"
)

// Header is the header of the table.
const Header = "| key | change | `up` | reads | sessions | left to do |\n|---|---|---|---|---|---|\n"

// Table returns the rows as a Markdown table.
func Table(rows []Row) string {
	var text strings.Builder
	text.WriteString(Header)
	for _, r := range rows {
		back := r.Effect
		if r.Back != nil {
			back = *r.Back
		}
		fmt.Fprintf(&text, "| `%s` | %s | %s | %s | %s | %s |\n", strings.Join(r.Keys, "`, `"), r.Change,
			thereAndBack(r.up(), back.up()), thereAndBack(r.reads(), back.reads()), thereAndBack(r.sessions(), back.sessions()),
			cmp.Or(r.ByHand, "nothing"))
	}
	return text.String()
}

func thereAndBack(there, back string) string {
	if there == back {
		return there
	}
	return there + "; back: " + back
}

func (e Effect) up() string {
	var parts []string
	if e.Refused != "" {
		parts = append(parts, "refused: “"+e.Refused+"”")
	}
	if len(e.Rolling) > 0 {
		parts = append(parts, "rolling: "+names(e.Rolling))
	}
	if len(e.Restart) > 0 {
		parts = append(parts, "one restart: "+names(e.Restart))
	}
	if len(parts) == 0 {
		parts = append(parts, "in place")
	}
	if e.Also != "" {
		parts = append(parts, e.Also)
	}
	return strings.Join(parts, "; ")
}

func (e Effect) reads() string {
	text := "0 fail"
	if e.Gap > 0 {
		text = fmt.Sprintf("one gap of at most %.0f s: %s", e.Gap.Seconds(), e.GapOf)
	}
	if e.Measured != "" {
		text += " (measured: " + e.Measured + ")"
	}
	return text
}

func (e Effect) sessions() string {
	if e.LogIn {
		return "end"
	}
	return "stay"
}

// inWords are the names of the tiers in the documents.
var inWords = map[Tier]string{API: "API", FrontEnd: "front end", Redis: "Redis", PostgreSQL: "PostgreSQL", MetalLB: "MetalLB"}

func names(tiers []Tier) string {
	texts := make([]string, len(tiers))
	for i, tier := range tiers {
		texts[i] = inWords[tier]
	}
	return strings.Join(texts, ", ")
}
