# The toolchain. An installed Pulumi CLI or plugin of the pinned version is used as it is.
.PHONY: packages cli-packages tools doctor
packages:
	@tools/packages.sh tools/cli-packages tools/packages lab/packages

cli-packages:
	@tools/packages.sh tools/cli-packages

# LAB=off installs no package that only the lab, the tests or the linters need.
tools: $(if $(filter off,$(LAB)),cli-packages,packages) ## build the pinned toolchain from the Go module proxy
	@tools/toolchain.sh

doctor: ## list what this machine lacks, and how to get it
	@LAB=$(LAB) tools/doctor.sh
