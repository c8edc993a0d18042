package components

import "testing"

func TestLANURLMatchesBrowserNotation(t *testing.T) {
	for _, row := range []struct {
		address string
		port    int
		want    string
	}{
		{"10.0.0.4", 80, "http://10.0.0.4"}, {"10.0.0.3", 5000, "http://10.0.0.3:5000"},
		{"fd00::4", 80, "http://[fd00::4]"}, {"fd00::3", 5000, "http://[fd00::3]:5000"},
	} {
		reported := make(chan string, 1)
		lanURL(row.address, row.port).ApplyT(func(url string) string { reported <- url; return url })
		if got := <-reported; got != row.want {
			t.Errorf("%s port %d is %s, not %s", row.address, row.port, got, row.want)
		}
	}
}
