package e2e

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// cook is a person with an account, logged in on the client host.
type cook struct {
	l            lab
	api          string // where the page of the cook finds the API
	email        string
	password     string
	jar          string // the browser's cookies, with the refresh token; empty if it keeps none
	token        string // the access token
	refreshToken string // of the body, if the page asked for it there
}

func signUp(t *testing.T, l lab) *cook {
	t.Helper()
	return signUpAt(t, l, apiURL)
}

func signUpAt(t *testing.T, l lab, api string) *cook {
	t.Helper()
	c := &cook{l: l, api: api, email: strings.ToLower(rand.Text()) + "@example.com", password: rand.Text(), jar: filepath.Join(t.TempDir(), "cookies")}
	if code := c.post(t, "signup", map[string]string{"email": c.email, "password": c.password, "name": "Cook"}); code != "201" {
		t.Fatalf("sign-up is answered with %s", code)
	}
	if code := c.logIn(t); code != "200" {
		t.Fatalf("login is answered with %s", code)
	}
	return c
}

func (c *cook) logIn(t *testing.T) string {
	t.Helper()
	return c.post(t, "login", c.credentials())
}

// refresh exchanges the cookie for a new one and a new access token, as the page does by itself.
func (c *cook) refresh(t *testing.T) string {
	t.Helper()
	return c.post(t, "refresh", map[string]string{})
}

// post gives the status of the answer, and keeps the tokens out of it.
func (c *cook) post(t *testing.T, route string, body map[string]string) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-H", "Content-Type: application/json", "-d", string(text), c.api + "/api/v1/auth/" + route}
	if c.jar != "" {
		args = append(args, "-b", c.jar, "-c", c.jar)
	}
	answer, code := c.curl(t, args...)
	var tokens struct{ AccessToken, RefreshToken string }
	if json.Unmarshal([]byte(answer), &tokens) == nil && tokens.AccessToken != "" {
		c.token, c.refreshToken = tokens.AccessToken, tokens.RefreshToken
	}
	return code
}

// me asks for what only the access token opens.
func (c *cook) me(t *testing.T) string {
	t.Helper()
	_, code := c.curl(t, "-H", "Authorization: Bearer "+c.token, c.api+"/api/v1/me")
	return code
}

// curl gives the body and the status of an answer, 000 if there was none.
func (c *cook) curl(t *testing.T, args ...string) (body, code string) {
	t.Helper()
	command := append([]string{"exec", "client", "curl", "-sS", "--max-time", "10", "-w", "\n%{http_code}"}, args...)
	out, _ := c.l.command(time.Minute, "lab/lab", command...).Output() // no answer is an answer here: its code is 000
	at := strings.LastIndex(string(out), "\n")
	if at < 0 {
		return "", "000"
	}
	return string(out[:at]), string(out[at+1:])
}

// staysWhile has the cook's page refresh the login and use it each second while f runs, and gives how often it was
// answered how.
func (c *cook) staysWhile(t *testing.T, f func()) map[string]int {
	t.Helper()
	codes, done, ended := map[string]int{}, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Second):
				codes["refresh "+c.refresh(t)]++
				codes["me "+c.me(t)]++
			}
		}
	}()
	f()
	close(done)
	<-ended
	t.Logf("a cook who stays logged in: %v", codes)
	return codes
}

// expectCodes fails the test if there was an answer that is not among those, or none at all.
func expectCodes(t *testing.T, got map[string]int, allowed ...string) {
	t.Helper()
	if len(got) == 0 {
		t.Error("nothing was asked")
	}
	for _, code := range slices.Sorted(maps.Keys(got)) {
		if !slices.Contains(allowed, code) {
			t.Errorf("%d answers were %q, allowed are %q", got[code], code, allowed)
		}
	}
}

// logsInAfresh forgets the cook's cookies.
func (c *cook) logsInAfresh(t *testing.T, api string) {
	t.Helper()
	c.api, c.jar = api, filepath.Join(t.TempDir(), "cookies")
	if code := c.logIn(t); code != "200" {
		t.Fatalf("login at %s is answered with %s", api, code)
	}
}

// recipes counts those on the first page of the list.
func (c *cook) recipes(t *testing.T) int {
	t.Helper()
	body, code := c.curl(t, c.api+"/api/v1/recipes")
	n := strings.Count(body, `"costPerMeal"`)
	if code != "200" || n == 0 {
		t.Errorf("the list of recipes is answered with %s and %d recipes", code, n)
	}
	return n
}
