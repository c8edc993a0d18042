# hankki: `make` lists what there is. Built things are kept by content in HANKKI_CACHE, a running lab in HANKKI_LAB.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

STACK ?= dev
# on: the stack goes on the lab of this machine; off: on the cluster of your kubeconfig, with your registry.
ifeq ($(STACK),dev)
LAB ?= on
else
LAB ?= off
endif

export HANKKI_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hankki
export HANKKI_LAB ?= $(HANKKI_CACHE)/lab
export HANKKI_PROGRAM := $(HANKKI_CACHE)/program/hankki
export HANKKI_COMMAND := $(HANKKI_CACHE)/command/hankki
export GOLANGCI_LINT_CACHE := $(HANKKI_CACHE)/golangci-lint
export PATH := $(HANKKI_CACHE)/bin:$(HANKKI_CACHE)/nodejs/bin:$(PATH)
ifndef USERS_PULUMI_HOME
export USERS_PULUMI_HOME := $(or $(PULUMI_HOME),$(HOME)/.pulumi)
endif
export PULUMI_SKIP_UPDATE_CHECK := true

include tools/tools.mk

ifeq ($(LAB),on)
# With the plugins of the user's, but without the debug log that takes half the time of a preview.
export PULUMI_HOME := $(HANKKI_CACHE)/pulumi
# On the lab the state lives and dies with the cluster that it describes.
export PULUMI_BACKEND_URL := file://$(HANKKI_LAB)/state
export PULUMI_CONFIG_PASSPHRASE_FILE := $(HANKKI_LAB)/passphrase
export KUBECONFIG := $(HANKKI_LAB)/kubeconfig
export DOCKER_CONFIG := $(HANKKI_LAB)/docker
project := $(HANKKI_LAB)/stacks/$(STACK)
else
export PULUMI_HOME := $(USERS_PULUMI_HOME)
project := $(CURDIR)
# Whoever has not chosen a backend by `pulumi login` gets the local one.
ifeq ($(wildcard $(PULUMI_HOME)/credentials.json),)
export PULUMI_BACKEND_URL ?= file://$(HOME)
endif
# The stack dev needs no secret of yours, so its passphrase is made up; other stacks' secrets have yours.
ifeq ($(STACK)$(PULUMI_CONFIG_PASSPHRASE),dev)
export PULUMI_CONFIG_PASSPHRASE_FILE ?= $(PULUMI_HOME)/hankki-dev-passphrase
endif
endif
pulumi := pulumi --cwd $(project) --non-interactive
hankki = $(HANKKI_COMMAND) $(1) --cwd $(project) --stack $(STACK)
# The guard rails of a preview: the command under the name of the policy pack.
guard_rails := $(HANKKI_CACHE)/command/hankki-guard-rails

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

##@ Using it
.PHONY: up down preview review destroy adopt handover move render pulumi bench sbom
up: preflight ## everything, from a bare machine to the site's address (LAB=off: on your own cluster; TLS=on: https, on the lab)
	@mkdir -p $(HANKKI_CACHE)
	: >$(HANKKI_CACHE)/steps
	tools/timed.sh "packages and tools" $(MAKE) tools
	tools/timed.sh "the Pulumi program" $(MAKE) program
	if [[ $(LAB) == on ]]; then tools/timed.sh "the lab" $(MAKE) lab-up; fi
	tools/timed.sh "pulumi up, stack $(STACK)" $(MAKE) pulumi-up
	echo; cat $(HANKKI_CACHE)/steps; echo
	echo "the site:                    $$($(pulumi) stack output frontendUrl --stack $(STACK))"
	if [[ $(LAB)$(TLS) == onon ]]; then
	  $(pulumi) stack output certificateAuthority --stack $(STACK) >$(HANKKI_LAB)/site-authority.crt
	  echo "its authority, for browsers: $(HANKKI_LAB)/site-authority.crt"
	  echo "from this machine:           lab/lab exec client curl --cacert $(HANKKI_LAB)/site-authority.crt https://10.0.0.4"
	elif [[ $(LAB) == on ]]; then
	  echo "from this machine:           http://127.0.0.1:8080"
	fi

down: ## the stack destroyed and the lab stopped
	@if [[ $(LAB) == off ]]; then
	  $(MAKE) destroy
	elif lab/lab status >/dev/null 2>&1; then
	  $(MAKE) destroy DATA=delete SHARED=delete # all of the lab goes
	fi
	if [[ $(LAB) == on ]]; then $(MAKE) lab-down; fi

preview: stage command ## what `up` would change, stopped by the guard rails
	@$(pulumi) preview --stack $(STACK) --diff --policy-pack $(guard_rails)

BASE ?= origin/main
review: tools command ## what the working tree changes against BASE, without a cluster (STACK=dev,onprem for several; FORM=markdown or json; OUT=file)
	@$(HANKKI_COMMAND) review --cwd $(CURDIR) --base $(BASE) --stack $(STACK) $(if $(filter markdown,$(FORM)),--markdown) $(if $(filter json,$(FORM)),--output json) $(if $(OUT),>$(OUT))

destroy: tools command ## all objects of the stack removed, but for its data (DATA=delete: with them)
	@if [[ ! -e $(project)/Pulumi.$(STACK).yaml ]]; then
	  echo "stack $(STACK) has no $(project)/Pulumi.$(STACK).yaml, so nothing is destroyed: STACK names another one" >&2
	  [[ $(LAB) == on ]] # there it has just not been staged yet
	  exit
	fi
	tools/stale-locks.sh $(STACK)
	$(call hankki,destroy) --data $(or $(DATA),keep) --shared $(or $(SHARED),refuse)
	if [[ $(LAB) == on ]]; then lab/lab reclaim; fi

adopt: stage command ## objects that exist and that the stack would create: shown, with YES=1 taken over
	@$(call hankki,adopt) $(if $(YES),--yes) $(if $(REPLACE),--replace) $(if $(FORCE),--force)

handover: stage command ## the addresses of a site made by hand, in the namespace FROM, moved to the stack
	@test -n "$(FROM)" || { echo "make handover STACK=$(STACK) FROM=namespace: FROM is not set"; exit 2; }
	$(call hankki,handover) --from $(FROM)

move: stage command ## the stack's site moved to the namespace TO, with its data
	@test -n "$(TO)" || { echo "make move STACK=$(STACK) TO=namespace: TO is not set"; exit 2; }
	$(call hankki,move) --to $(TO)

render: tools program ## the stack's manifests written to OUT, with placeholders for secrets, without any cluster
	@test -n "$(OUT)" || { echo "make render STACK=$(STACK) OUT=dir: OUT is not set"; exit 2; }
	tools/render.sh $(STACK) $(OUT)

pulumi: ## the Pulumi CLI on the stack: make pulumi CMD='stack output'
	@$(pulumi) $(CMD) --stack $(STACK)

bench: ## against the report's YAML, Dockerfiles and server, as tables; on the lab, which must have no stack
	@$(MAKE) bench-deploy
	$(MAKE) bench-images
	$(MAKE) bench-api

sbom: tools ## what is in the images that the deployed stack has built, as SPDX documents written to OUT
	@test -n "$(OUT)" || { echo "make sbom STACK=$(STACK) OUT=dir: OUT is not set"; exit 2; }
	tools/build.sh tools/sbom-binaries tools
	tools/sbom.sh $(project) $(STACK) $(OUT)

##@ Its parts
.PHONY: preflight program command stage pulumi-up
# What the machine lacks and `make` cannot install, reported before half an hour is spent on building.
preflight:
	@lab/lab _preflight $(if $(filter off,$(LAB)),commands)

# With --refresh it also puts right what somebody changed by hand. A cluster that does not answer would be told once for
# each object then, with dangerous advice; a preview tells it once, and the lab does answer.
pulumi-up: stage command
	@tools/stale-locks.sh $(STACK)
	if [[ $(LAB) == off ]]; then $(pulumi) preview --stack $(STACK) --policy-pack $(guard_rails); fi
	$(pulumi) up --stack $(STACK) --yes --skip-preview --suppress-progress --refresh

program: ## the Pulumi program, built
	@go build -o $(HANKKI_PROGRAM) .

command: ## the command hankki, built
	@go build -o $(HANKKI_COMMAND) ./cmd/hankki
	ln -sfn $(HANKKI_COMMAND) $(guard_rails)

stage: tools program
ifeq ($(LAB),on)
stage: lab-up
	@overlay=$$(lab/overlay.sh)
	tools/stage.sh $(STACK) $(project) $$overlay $(if $(filter on,$(TLS)),hankki:tls.generate=true)
else
	@if [[ -n $${PULUMI_CONFIG_PASSPHRASE_FILE:-} ]]; then tools/passphrase.sh "$$PULUMI_CONFIG_PASSPHRASE_FILE"; fi
	pulumi stack select $(STACK) --non-interactive >/dev/null 2>&1 || pulumi stack init $(STACK) --non-interactive
endif

##@ The lab
.PHONY: lab-up lab-down lab-status lab lab-build
lab-build: preflight packages
	@tools/build.sh lab/binaries lab/modules
	lab/lab build

lab-up: lab-build tools ## the three-node cluster of this machine started, with registries, database and builder
	@lab/lab up
	tools/buildkit.sh start
	mkdir -p $(HANKKI_LAB)/state
	tools/passphrase.sh $(HANKKI_LAB)/passphrase

lab-down: ## the lab removed without a trace
	@tools/buildkit.sh stop
	lab/lab down

lab-status: ## hosts, nodes and addresses of the lab
	@lab/lab status

lab: ## a verb of the lab: make lab CMD='stop w1' (make lab CMD=help)
	@lab/lab $(CMD)

include tests.mk
