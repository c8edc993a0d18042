package components

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"hankki/internal/stacktest"
)

// use runs an image without building it, and returns its reference.
func use(t *testing.T, registry ImageRegistry, options ...pulumi.RunOption) (ref string, err error) {
	t.Helper()
	p := &builderPlugin{}
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		image, err := NewImage(ctx, "backend", ImageArgs{Builder: ExistingImage{Ref: repository + "@" + builtOnce}, Registry: registry})
		if err != nil {
			return err
		}
		pulumi.All(image.URN(), image.Ref).ApplyT(func(known []any) string { ref = known[1].(string); return ref }) // the run waits for outputs of resources
		return nil
	}, append(options, pulumi.WithMocks("hankki", "test", p))...)
	if len(p.retained) > 0 {
		t.Error("an image is built")
	}
	return ref, err
}

func TestExistingImageIsKeptAndNotBuilt(t *testing.T) {
	s := &shelf{has: builtOnce}
	ref, err := use(t, s)
	if want := repository + "@" + builtOnce; err != nil || ref != want || len(s.kept) != 1 || s.kept[0] != want {
		t.Errorf("the image is %s, error %v, kept %v", ref, err, s.kept)
	}
	s = &shelf{}
	if ref, err = use(t, s, stacktest.Preview); err != nil || ref != repository+"@"+builtOnce || len(s.kept) > 0 {
		t.Errorf("in a preview the image is %s, error %v, kept %v", ref, err, s.kept)
	}
	if ref, err = use(t, nil); err != nil || ref != repository+"@"+builtOnce { // a rendering
		t.Errorf("without a registry the image is %s, error %v", ref, err)
	}
}

func TestExistingImageThatIsMissingIsAnError(t *testing.T) {
	_, err := use(t, &shelf{})
	stacktest.CheckError(t, err, `image "backend"`, builtOnce)
	if ref, err := use(t, &shelf{err: errors.New("denied")}); err != nil || ref == "" { // a tag that is refused stops no update
		t.Errorf("the image is %q, error %v", ref, err)
	}
}
