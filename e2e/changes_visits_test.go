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

// readsPerPage is how often each URL is read in a second; it bounds how exactly a gap is measured.
const readsPerPage = 5

// visits are what users read: each entry is one page, by the URLs that it has before and after a change.
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

// answered tells whether a read got what it asked for: of the API, no page that Nginx has for all other paths.
func answered(r read) bool {
	return r.Code == http.StatusOK && (!strings.Contains(r.URL, "/api/") || bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("{")))
}

// expect compares the reads with what the row says: a page that stays where it is has no failed read, one that moves or that
// may be away has at most one gap of the length.
func (v visits) expect(t *testing.T, way string, e change.Effect, all []read) {
	t.Helper()
	failures, reads, longest := 0, 0, time.Duration(0)
	moves := slices.ContainsFunc(v, func(urls []string) bool { return len(urls) > 1 })
	for _, urls := range v {
		failed, broken, total := 0, 0, 0
		var gaps []time.Duration
		last, end := time.Time{}, time.Time{}
		for _, one := range all {
			if !slices.Contains(urls, one.URL) {
				continue
			}
			total++
			end = one.Timestamp
			if !answered(one) {
				failed++
				if one.Code >= 500 {
					broken++
				}
				if (len(urls) == 1 || one.Code >= 500) && failed <= 3 {
					t.Logf("%s: %s at %s: %d %s after %v", way, one.URL, one.Timestamp.Format("15:04:05.0"), one.Code, one.Error, one.Latency.Round(time.Millisecond))
				}
				continue
			}
			if gap := one.Timestamp.Sub(last); !last.IsZero() && gap > 3*time.Second/readsPerPage {
				gaps = append(gaps, gap)
			}
			last = one.Timestamp
		}
		if gap := end.Sub(last); gap > 3*time.Second/readsPerPage {
			gaps = append(gaps, gap)
		}
		if reads += total; len(urls) == 1 {
			failures += failed
		}
		longest = max(longest, slices.Max(append(gaps, 0)))
		t.Logf("%s: %s: %d of %d reads failed, gaps %v", way, strings.Join(urls, " or "), failed, total, gaps)
		mayGap := e.Gap > 0 && (len(urls) > 1 || !moves)
		switch {
		case total == 0:
			t.Errorf("%s: %s was not read", way, urls[0])
		case !mayGap && failed > 0:
			t.Errorf("%s: %d of %d reads of %s failed, the row says none", way, failed, total, urls[0])
		case len(urls) > 1 && broken > 0: // rather than not there, as where the page or the API is not yet or no more
			t.Errorf("%s: %d of %d reads of %s were answered with an error of the server", way, broken, total, strings.Join(urls, " or "))
		case len(gaps) > 1:
			t.Errorf("%s: %s could not be read in %d intervals: %v", way, strings.Join(urls, " or "), len(gaps), gaps)
		case len(gaps) == 1 && gaps[0] > e.Gap+time.Second/readsPerPage:
			t.Errorf("%s: %s could not be read for %v, the row says %v", way, strings.Join(urls, " or "), gaps[0], e.Gap)
		}
	}
	t.Logf("measured %s: %d of %d reads failed, longest gap %v", way, failures, reads, longest.Round(100*time.Millisecond))
}
