# Python virtual environments, each named after its list of pinned packages: one builds the model, one runs the end-to-end
# tests, one runs the audit.

# venv NAME [OPTION...]: makes an environment with requirements/NAME.txt, linked as .tools/venv-NAME. Options are pip's.
venv() {
    local name=$1 list=$steps/requirements/$1.txt version at
    shift
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    at=$cache/venv-$name-py$version-$(fingerprint "$list")
    if [[ ! -e $at/.complete ]]; then
        rm -rf -- "$at"
        say "python: installing the packages of requirements/$name.txt"
        "$python" -m venv "$at" >/dev/null 2>&1 ||
            stop "$python cannot make virtual environments: install its venv module (Debian: python3-venv)"
        "$at/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes "$@" -r "$list" ||
            stop "pip could not install requirements/$name.txt: see the lines above (a registry that cannot be reached, or a file that is not the pinned one)"
        touch "$at/.complete"
    fi
    link "venv-$name" "$at"
}

# The list is complete but for what test.in leaves out on purpose, which pip would miss.
install_test_python() { venv test --no-deps; }
install_audit_python() { venv audit; }
