package e2e

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hankki/e2e/change"
)

// readsPerPage is the number of reads of each URL per second. It bounds the precision of a gap.
const readsPerPage = 5

// shortestGap is the time without an answer that counts as a gap: three reads in a row.
const shortestGap = 3 * time.Second / readsPerPage

// visits lists the pages that are read. Each entry has the URLs of one page: before the change and, if it differs, after it.
type visits [][]string

func visitsTo(from, to origins) visits {
	v := visits{{from.page + "/"}, {from.service + "/api/v1/recipes"}, {from.service + "/api/v1/recipes/1"}}
	for i, url := range []string{to.page + "/", to.service + "/api/v1/recipes", to.service + "/api/v1/recipes/1"} {
		if url != v[i][0] {
			v[i] = append(v[i], url)
		}
	}
	return v
}

func (v visits) urls() []string { return slices.Concat(v...) }

// moves reports whether a page has another URL after the change.
func (v visits) moves() bool {
	return slices.ContainsFunc(v, func(urls []string) bool { return len(urls) > 1 })
}

// observed summarises the reads of one page.
type observed struct {
	reads  int
	failed int             // without the expected response
	broken int             // with a 5xx response
	gaps   []time.Duration // times without a response at any of the page's URLs
}

func observe(urls []string, all []read) observed {
	var o observed
	var last, end time.Time
	for _, one := range all {
		if !slices.Contains(urls, one.URL) {
			continue
		}
		o.reads++
		end = one.Timestamp
		if !answered(one) {
			o.failed++
			if one.Code >= http.StatusInternalServerError {
				o.broken++
			}
			continue
		}
		if gap := one.Timestamp.Sub(last); !last.IsZero() && gap > shortestGap {
			o.gaps = append(o.gaps, gap)
		}
		last = one.Timestamp
	}
	if gap := end.Sub(last); gap > shortestGap {
		o.gaps = append(o.gaps, gap)
	}
	return o
}

// answered reports whether a read got the expected response: from the API JSON, not the page that Nginx returns for other paths.
func answered(r read) bool {
	return r.Code == http.StatusOK && (!strings.Contains(r.URL, "/api/") || bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("{")))
}

// expect compares the reads with the row. A page that keeps its URL has no failed read. A page that moves, or whose row has a
// Gap, has at most one gap of that length. Reads of a page that moves fail at the new URL before and at the old one after it.
func (v visits) expect(t *testing.T, way string, e change.Effect, all []read) {
	t.Helper()
	failed, reads, longest := 0, 0, time.Duration(0)
	for _, urls := range v {
		o, page := observe(urls, all), strings.Join(urls, " or ")
		moves := len(urls) > 1
		if reads += o.reads; !moves {
			failed += o.failed
		}
		longest = max(longest, slices.Max(append(o.gaps, 0)))
		mayFail := moves || e.Gap > 0 && !v.moves()
		switch {
		case o.reads == 0:
			t.Errorf("%s: %s was not read", way, page)
		case !mayFail && o.failed > 0:
			t.Errorf("%s: %d of %d reads of %s failed, want none: %v", way, o.failed, o.reads, page, failures(urls, all))
		case moves && o.broken > 0:
			t.Errorf("%s: %d of %d reads of %s returned a 5xx status: %v", way, o.broken, o.reads, page, failures(urls, all))
		case len(o.gaps) > 1:
			t.Errorf("%s: %s has %d gaps, want at most one: %v", way, page, len(o.gaps), o.gaps)
		case len(o.gaps) == 1 && o.gaps[0] > e.Gap+time.Second/readsPerPage:
			t.Errorf("%s: %s was unavailable for %v, want at most %v", way, page, o.gaps[0], e.Gap)
		}
	}
	t.Logf("measured %s: %d of %d reads failed, longest gap %v", way, failed, reads, longest.Round(100*time.Millisecond))
}

// failures describes the first five failed reads.
func failures(urls []string, all []read) (texts []string) {
	for _, one := range all {
		if slices.Contains(urls, one.URL) && !answered(one) && len(texts) < 5 {
			texts = append(texts, one.Timestamp.Format("15:04:05.0 ")+http.StatusText(one.Code)+" "+one.Error)
		}
	}
	return texts
}
