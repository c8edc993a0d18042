// Package plural writes numbers with their nouns.
package plural

import "fmt"

// Of returns the number with the noun, e.g. "1 object" or "3 objects". The noun is a singular whose plural ends in s; words may
// precede it ("more object").
func Of[N ~int | ~int32 | ~int64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
