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

// cook is a user with an account, logged in on the client host.
type cook struct {
	l            lab
	api          string // the API's origin
	email        string
	password     string
	jar          string // file of cookies, with the refresh token; empty: no cookies are stored
	token        string // the access token
	refreshToken string // from the response body, if requested there
}

func signUp(t *testing.T, l lab) *cook {
	t.Helper()
	return signUpAt(t, l, apiURL)
}

func signUpAt(t *testing.T, l lab, api string) *cook {
	t.Helper()
	c := &cook{l: l, api: api, email: strings.ToLower(rand.Text()) + "@example.com", password: rand.Text(), jar: filepath.Join(t.TempDir(), "cookies")}
	if code := c.post(t, "signup", map[string]string{"email": c.email, "password": c.password, "name": "Cook"}); code != "201" {
		t.Fatalf("sign-up returns %s", code)
	}
	if code := c.logIn(t); code != "200" {
		t.Fatalf("login returns %s", code)
	}
	return c
}

func (c *cook) logIn(t *testing.T) string {
	t.Helper()
	return c.post(t, "login", c.credentials())
}

// refresh exchanges the refresh cookie for a new one and a new access token, as the page does.
func (c *cook) refresh(t *testing.T) string {
	t.Helper()
	return c.post(t, "refresh", map[string]string{})
}

// post returns the status of the response, and stores the tokens in it.
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

// me requests the cook's account with the access token, and returns the status.
func (c *cook) me(t *testing.T) string {
	t.Helper()
	_, code := c.curl(t, "-H", "Authorization: Bearer "+c.token, c.api+"/api/v1/me")
	return code
}

// curl returns the body and the status of a response; the status is 000 if there was no response.
func (c *cook) curl(t *testing.T, args ...string) (body, code string) {
	t.Helper()
	command := append([]string{"exec", "client", "curl", "-sS", "--max-time", "10", "-w", "\n%{http_code}"}, args...)
	out, _ := c.l.command(time.Minute, "lab/lab", command...).Output() // curl fails without a response; its status is then 000
	at := strings.LastIndex(string(out), "\n")
	if at < 0 {
		return "", "000"
	}
	return string(out[:at]), string(out[at+1:])
}

// refreshWhile refreshes the login and uses it each second while f runs. It returns the number of each response.
func (c *cook) refreshWhile(t *testing.T, f func()) map[string]int {
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
	t.Logf("responses to a logged-in cook: %v", codes)
	return codes
}

// expectCodes fails the test if a response is not among those allowed, or if there was no response.
func expectCodes(t *testing.T, got map[string]int, allowed ...string) {
	t.Helper()
	if len(got) == 0 {
		t.Error("no request was sent")
	}
	for _, code := range slices.Sorted(maps.Keys(got)) {
		if !slices.Contains(allowed, code) {
			t.Errorf("%d responses were %q, want only %q", got[code], code, allowed)
		}
	}
}

// logInWithoutCookies discards the cook's cookies and logs in at the API's origin.
func (c *cook) logInWithoutCookies(t *testing.T, api string) {
	t.Helper()
	c.api, c.jar = api, filepath.Join(t.TempDir(), "cookies")
	if code := c.logIn(t); code != "200" {
		t.Fatalf("login at %s returns %s", api, code)
	}
}

// recipes returns the number of recipes on the first page of the list.
func (c *cook) recipes(t *testing.T) int {
	t.Helper()
	body, code := c.curl(t, c.api+"/api/v1/recipes")
	n := strings.Count(body, `"costPerMeal"`)
	if code != "200" || n == 0 {
		t.Errorf("the list of recipes returns %s and %d recipes", code, n)
	}
	return n
}
