package tools_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hankki/internal/promote"
	"hankki/internal/registry"
	"hankki/internal/testfile"
)

func promoted(t *testing.T, from, to site, yes bool) (promote.Result, error) {
	t.Helper()
	return promote.Run(t.Context(), from.Stack, to.Stack, promote.Options{Yes: yes, Log: io.Discard})
}

// Two registries over TLS, each with an authority and a login of its own.
func TestPromote(t *testing.T) {
	shop, kitchen := newPantry(t), newPantry(t)
	p := newProject(t, newVault(t))
	p.env = append(p.env, programVariable+"=releasing", "PULUMI_CONFIG_PASSPHRASE=of-the-kitchen")
	dev, onprem := p.newSite(t, "dev", kitchen), p.newSite(t, "onprem", shop)
	if _, err := promoted(t, dev, dev, true); err == nil || !strings.Contains(err.Error(), "itself") {
		t.Errorf("error %v", err)
	}
	if _, err := promoted(t, dev, onprem, true); err == nil || !strings.Contains(err.Error(), "pulumi up") || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("of a stack that is not deployed: error %v", err)
	}
	images := kitchen.build(t)
	dev.mustUp(t, images, "")
	want := map[string]string{}
	for tier, ref := range images {
		want[tier] = strings.Replace(ref, kitchen.address(), shop.address(), 1)
	}

	result, err := promoted(t, dev, onprem, false)
	if err != nil || result.Done || len(result.Images) != 3 || !result.Images[0].Copy {
		t.Fatalf("%+v, error %v", result, err)
	}
	onprem.expectUse(t, nil)
	for _, ref := range want {
		if shop.has(t, ref) {
			t.Errorf("%s is copied without a yes", ref)
		}
	}

	if result, err = promoted(t, dev, onprem, true); err != nil || !result.Done {
		t.Fatalf("%+v, error %v", result, err)
	}
	onprem.expectUse(t, want)
	dev.expectUse(t, nil)
	for _, ref := range want {
		repository, digest, _ := strings.Cut(ref, "@")
		if !shop.has(t, ref) || !shop.has(t, repository+":"+registry.TagOf(digest)) {
			t.Errorf("the registry lacks %s, or its immutable tag", ref)
		}
	}
	onprem.mustUp(t, nil, "") // builds nothing
	onprem.expectRuns(t, want)

	again, err := promoted(t, dev, onprem, true)
	if err != nil || !again.Done || again.Images[0].Copy {
		t.Errorf("again: %+v, error %v", again, err)
	}
	kitchen.lacks(t, images["backend"]) // the target has it
	if _, err := promoted(t, dev, onprem, true); err != nil {
		t.Error(err)
	}
	next := kitchen.build(t)
	dev.mustUp(t, next, "")
	kitchen.lacks(t, next["frontend"])
	if _, err := promoted(t, dev, onprem, true); err == nil || !strings.Contains(err.Error(), next["frontend"]) || strings.Contains(err.Error(), next["backend"]) {
		t.Errorf("an image is lost: error %v", err)
	}
	onprem.expectUse(t, want)
	p.run(t, "wrong-password", "config", "set", "--secret", "hankki:registryPassword", "--stack", "onprem")
	if _, err := promoted(t, dev, onprem, true); err == nil || !strings.Contains(err.Error(), "401") || strings.Contains(err.Error(), "wrong-password") {
		t.Errorf("a wrong password: error %v", err)
	}
	p.run(t, "", "config", "rm", "hankki:registryPassword", "--stack", "onprem")
	checkPromotionWithReference(t, p, dev, kitchen, onprem, shop)
}

// checkPromotionWithReference promotes from dev with the registry kitchen to onprem with the registry shop. onprem refers to the pods' pull
// Secret, so the login is that of this machine.
func checkPromotionWithReference(t *testing.T, p project, dev site, kitchen pantry, onprem site, shop pantry) {
	t.Helper()
	for key, value := range map[string]string{"name": "corp-registry", "key": ".dockerconfigjson"} {
		p.run(t, "", "config", "set", "--plaintext", "--path", "hankki:secrets.registryPassword."+key, value, "--stack", "onprem")
	}
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	dev.mustUp(t, kitchen.build(t), "")
	if _, err := promoted(t, dev, onprem, true); err == nil || !strings.Contains(err.Error(), "docker login "+shop.address()) {
		t.Errorf("without a login: error %v", err)
	}
	auth := base64.StdEncoding.EncodeToString([]byte("cook:" + cookPassword))
	testfile.Write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, shop.address(), auth))
	if result, err := promoted(t, dev, onprem, true); err != nil || !result.Done || !result.Images[0].Copy {
		t.Errorf("%+v, error %v", result, err)
	}
}
