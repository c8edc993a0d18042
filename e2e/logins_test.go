package e2e

import (
	"os"
	"testing"
)

// lifetimes is the number of renewals. Access tokens last 15 minutes, so 5 renewals cover more than an hour.
const lifetimes = 5

// checkLogins renews a login by the API's cookie, and one by a token in the body, over all pods. The response to every other
// request is lost: the client sends the same token again. A token that is used after its successor ends the login.
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
		t.Run(way.name, func(t *testing.T) {
			c.jar, c.refreshToken = way.jar, ""
			if code := c.post(t, way.login, c.credentials()); code != "200" {
				t.Errorf("login returns %s", code)
				return
			}
			var former savedLogin
			for range lifetimes {
				former = c.save(t)
				lost := way.renew(t)
				c.restore(t, former)
				if arrived, me := way.renew(t), c.me(t); lost != "200" || arrived != "200" || me != "200" {
					t.Errorf("a renewal whose response is lost returns %s, the repeated one %s, its access token %s, want 200", lost, arrived, me)
				}
			}
			if code := way.renew(t); code != "200" {
				t.Errorf("a renewal returns %s", code)
			}
			current := c.save(t)
			c.restore(t, former)
			late := way.renew(t)
			c.restore(t, current)
			if now := way.renew(t); late != "401" || now != "401" {
				t.Errorf("a token that is used after its successor returns %s, and the current token then %s, want 401 for both", late, now)
			}
		})
	}
}

// exchange sends the refresh token in the body, as the page does if the browser rejects the API's cookie.
func (c *cook) exchange(t *testing.T) string {
	t.Helper()
	return c.post(t, "token", map[string]string{"refreshToken": c.refreshToken})
}

func (c *cook) credentials() map[string]string {
	return map[string]string{"email": c.email, "password": c.password}
}

// savedLogin is the client's part of a login: its cookies, and the refresh token of the body.
type savedLogin struct{ cookies, token string }

func (c *cook) save(t *testing.T) savedLogin {
	t.Helper()
	if c.jar == "" {
		return savedLogin{token: c.refreshToken}
	}
	cookies, err := os.ReadFile(c.jar)
	if err != nil {
		t.Fatal(err)
	}
	return savedLogin{string(cookies), c.refreshToken}
}

func (c *cook) restore(t *testing.T, k savedLogin) {
	t.Helper()
	c.refreshToken = k.token
	if c.jar == "" {
		return
	}
	if err := os.WriteFile(c.jar, []byte(k.cookies), 0o600); err != nil {
		t.Fatal(err)
	}
}
