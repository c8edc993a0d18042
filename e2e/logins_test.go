package e2e

import (
	"os"
	"testing"
)

// lifetimes of an access token, a quarter of an hour each, are more than an hour.
const lifetimes = 5

// checkLogins renews the login of a cook whose browser keeps the API's cookie, and of one whose browser does not, over
// all pods and for more than an hour of access tokens. The answer of every other request is lost. A token that is used
// after its successor ends the login.
func checkLogins(t *testing.T, l lab) {
	t.Helper()
	c := signUp(t, l)
	for _, way := range []struct {
		name, login, jar string
		renew            func(*testing.T) string
	}{
		{"by the cookie", "login", c.jar, c.refresh},
		{"by the body", "login?refreshToken=body", "", c.exchange},
	} {
		c.jar, c.refreshToken = way.jar, ""
		if code := c.post(t, way.login, c.credentials()); code != "200" {
			t.Errorf("%s: login is answered with %s", way.name, code)
			continue
		}
		var former kept
		for range lifetimes {
			former = c.keep(t)
			lost := way.renew(t)
			c.restore(t, former)
			if arrived, me := way.renew(t), c.me(t); lost != "200" || arrived != "200" || me != "200" {
				t.Errorf("%s: a renewal whose answer is lost is answered with %s, the next one with %s, its access token with %s", way.name, lost, arrived, me)
			}
		}
		if code := way.renew(t); code != "200" {
			t.Errorf("%s: a renewal is answered with %s", way.name, code)
		}
		current := c.keep(t)
		c.restore(t, former)
		late := way.renew(t)
		c.restore(t, current)
		if now := way.renew(t); late != "401" || now != "401" {
			t.Errorf("%s: a token that is used after its successor is answered with %s and the owner's then with %s, want 401 for both", way.name, late, now)
		}
	}
}

// exchange gives the API the refresh token in the body, as a page does whose browser keeps no cookie of the API.
func (c *cook) exchange(t *testing.T) string {
	t.Helper()
	return c.post(t, "token", map[string]string{"refreshToken": c.refreshToken})
}

func (c *cook) credentials() map[string]string {
	return map[string]string{"email": c.email, "password": c.password}
}

// kept is what a browser has of a login: its cookies and the refresh token of the body.
type kept struct{ cookies, token string }

func (c *cook) keep(t *testing.T) kept {
	t.Helper()
	if c.jar == "" {
		return kept{token: c.refreshToken}
	}
	cookies, err := os.ReadFile(c.jar)
	if err != nil {
		t.Fatal(err)
	}
	return kept{string(cookies), c.refreshToken}
}

func (c *cook) restore(t *testing.T, k kept) {
	t.Helper()
	c.refreshToken = k.token
	if c.jar == "" {
		return
	}
	if err := os.WriteFile(c.jar, []byte(k.cookies), 0o600); err != nil {
		t.Fatal(err)
	}
}
