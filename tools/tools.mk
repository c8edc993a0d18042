# The toolchain. A Pulumi CLI or plugin of the pinned version that is there already is used as it is.
.PHONY: packages cli-packages tools doctor
packages:
	@tools/packages.sh tools/cli-packages tools/packages lab/packages

cli-packages:
	@tools/packages.sh tools/cli-packages

# Without the lab nothing is asked for that only the lab, the tests or the linters need.
tools: $(if $(filter off,$(LAB)),cli-packages,packages) ## the pinned toolchain, built from the Go module proxy
	@tools/toolchain.sh

doctor: ## what this machine lacks, and how to get it
	@LAB=$(LAB) tools/doctor.sh
