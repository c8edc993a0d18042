package preflight_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"hankki/internal/config"
	"hankki/internal/kubeconfig"
	"hankki/internal/preflight"
	"hankki/internal/stacktest"
)

const vault = "/api/v1/namespaces/hankki/secrets/vault"

func TestSecretReferencesAreChecked(t *testing.T) {
	authority := stacktest.Authority(t)
	site, other := stacktest.Issue(t, authority, "hankki.example.com"), stacktest.Issue(t, authority, "hankki.example.com")
	at := func(name, key string) *config.Reference { return &config.Reference{Name: name, Key: key} }
	database := config.References{DatabasePassword: at("vault", "pg")}
	all := config.References{
		DatabasePassword: at("vault", "pg"), RedisPassword: at("vault", "redis"), SigningKey: at("elsewhere", "jwt"), SigningKeyFallbacks: at("elsewhere", "old"),
	}
	tls := config.References{TLSKey: at("vault", "key")}
	client := config.References{DatabaseKey: at("vault", "key")}
	secret := func(data map[string]string) map[string]string {
		return map[string]string{vault: secretOf(t, "Opaque", data)}
	}
	for name, row := range map[string]struct {
		references config.References
		objects    map[string]string
		external   map[string]string
		messages   [][]string // one for each line of the error
	}{
		"none":                                {config.References{}, nil, nil, nil},
		"good":                                {database, secret(map[string]string{"pg": "pass-word"}), map[string]string{"databasePassword": "pass-word"}, nil},
		"no such Secret":                      {database, nil, nil, [][]string{{"secrets.databasePassword", "no Secret vault in the namespace hankki", "make adopt"}}},
		"no such key":                         {database, secret(map[string]string{"password": "pass-word", "user": "cook"}), nil, [][]string{{"secrets.databasePassword", "Secret hankki/vault lacks the key that secrets.databasePassword.key names", "it has the keys password, user"}}},
		"the value as key":                    {config.References{DatabasePassword: at("vault", "pass-word")}, secret(map[string]string{"pg": "x"}), nil, [][]string{{"lacks the key that secrets.databasePassword.key names", "the keys pg"}}},
		"no keys":                             {database, secret(nil), nil, [][]string{{"lacks the key that secrets.databasePassword.key names", "it has no keys"}}},
		"empty":                               {database, secret(map[string]string{"pg": ""}), nil, [][]string{{"secrets.databasePassword", "Secret hankki/vault, key pg", "is empty"}}},
		"a line break":                        {database, secret(map[string]string{"pg": "pass-word\n"}), nil, [][]string{{"line break"}}},
		"forbidden":                           {database, map[string]string{vault: ""}, nil, [][]string{{"secrets.databasePassword", "did not return Secret hankki/vault", "the verb get"}}},
		"incomplete references":               {config.References{DatabasePassword: at("", "pg"), RedisPassword: at("vault", "")}, nil, nil, nil},
		"a matching key":                      {tls, secret(map[string]string{"key": site.Key}), map[string]string{"tlsKey": site.Key}, nil},
		"a key of another certificate":        {tls, secret(map[string]string{"key": other.Key}), nil, [][]string{{"secrets.tlsKey", "key does not belong"}}},
		"a client key of another certificate": {client, secret(map[string]string{"key": other.Key}), nil, [][]string{{"secrets.databaseKey", "key does not belong"}}},
		"no PEM key":                          {client, secret(map[string]string{"key": "pass-word"}), nil, [][]string{{"secrets.databaseKey", "no private key in PEM"}}},
		"an empty fallback":                   {config.References{RedisPasswordFallback: at("vault", "old")}, secret(map[string]string{"old": ""}), map[string]string{"redisPasswordFallback": ""}, nil},
		"all at once": {all, map[string]string{vault: secretOf(t, "Opaque", map[string]string{"pg": "pass-word\n", "reddis": "x"})}, nil, [][]string{
			{"secrets.signingKey, secrets.signingKeyFallbacks", "no Secret elsewhere"}, {"secrets.databasePassword", "line break"}, {"secrets.redisPassword", "lacks the key that secrets.redisPassword.key names", "pg, reddis"},
		}},
		"a short signing key": {config.References{SigningKey: at("vault", "jwt")}, secret(map[string]string{"jwt": "pass-word"}), nil, [][]string{{"secrets.signingKey", "9 characters", "at least 32"}}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := newCluster(t, http.StatusOK)
			maps.Copy(cluster.objects, row.objects)
			access, err := kubeconfig.Load("")
			if err != nil {
				t.Fatal(err)
			}
			c := config.Config{Namespace: "hankki", References: row.references, Files: config.Files{Certificate: site.Chain, DatabaseCertificate: site.Chain}}
			err = preflight.References(context.Background(), &c, access)
			checkLines(t, err, row.messages, "secrets.")
			for secret, value := range row.external {
				if got, found := c.External[secret]; !found || got.Reveal() != value {
					t.Errorf("%s differs from the Secret's value", secret)
				}
			}
			for _, leak := range []string{"pass-word", "MII", strings.Split(other.Key, "\n")[1]} {
				if err != nil && strings.Contains(err.Error(), leak) {
					t.Errorf("a value is printed: %v", err)
				}
			}
		})
	}
}
